/** What a command works with: addresses, the person's own key, files. Taken from the data folder of `npm start`, or from CTL_… settings. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { ServiceClient, signingKeyFromPem, TlsIdentity } from '#platform';
import type { Secret, SigningKey, TlsFiles } from '#platform';
import type { PeopleChain } from '#approvals';
import { tlsFilesOf } from '../certificates/certificate-folder.js';
import type { CtlConfig } from '../config.js';
import { folders } from '../stack/app-specs.js';
import type { AppName } from '../stack/app-specs.js';
import { keyholderPinFile, logWitnessesFile } from '../stack/log-files.js';
import { peopleFile, peopleOf } from '../stack/policy-files.js';
import { readRun } from '../stack/run-record.js';
import type { RunRecord } from '../stack/run-record.js';
import { StackError } from '../stack/stack-error.js';

/** A person who signs: `id` as the policy (moderator) or the registry of people (operator) knows them. */
export interface Signer {
  readonly id: string;
  readonly key: SigningKey;
}

export class Session {
  readonly dataDir: string;
  readonly at: ReturnType<typeof folders>;

  constructor(
    readonly config: CtlConfig,
    dataDir?: string,
  ) {
    this.dataDir = dataDir === undefined ? path.resolve(config.settings.data) : this.path(dataDir);
    this.at = folders(this.dataDir);
  }

  /** A path as it was typed. */
  path(given: string): string {
    return path.resolve(this.config.settings.startedIn ?? '.', given);
  }

  /** Of the launcher that uses the data folder now, or of one that was killed. */
  run(): RunRecord | undefined {
    return readRun(this.dataDir);
  }

  url(app: AppName): string {
    const url = this.config.settings[`${app}Url`] ?? this.run()?.urls[app];
    if (url) return url;
    throw new StackError(`no ${app} runs on ${this.dataDir}`, `run \`npm start\` first, or set CTL_${app.toUpperCase()}_URL`);
  }

  get policyDir(): string {
    return this.config.settings.policyDir ?? this.at.policy;
  }

  /** Whom the policies of the folder are approved by. Throws StackError. */
  people(): PeopleChain {
    const file = this.config.settings.peopleFile ?? path.join(this.at.config, peopleFile);
    try {
      return peopleOf(file, this.policyDir);
    } catch (error) {
      throw new StackError((error as Error).message, 'run `npm start` first, or set CTL_PEOPLE_FILE');
    }
  }

  get keyholderPinFile(): string {
    return this.config.settings.keyholderPinFile ?? path.join(this.at.config, keyholderPinFile);
  }

  get logWitnessesFile(): string {
    return this.config.settings.logWitnessesFile ?? path.join(this.at.config, logWitnessesFile);
  }

  operator(): Signer {
    const { operatorId: id } = this.config.settings;
    const { operatorKey: given } = this.config.secrets;
    const folder = path.join(this.at.keys, 'people');
    const here = () =>
      this.people()
        .newest.withRole('operator')
        .find((person) => existsSync(path.join(folder, `${person.id}.pem`)))?.id;
    return signer({ kind: 'operator', id: given ? id : (id ?? here()), given, folder });
  }

  moderator(): Signer {
    const { moderatorId: id } = this.config.settings;
    const { moderatorKey: given } = this.config.secrets;
    const folder = path.join(this.at.keys, 'moderators');
    return signer({ kind: 'moderator', id: given ? id : (id ?? firstKey(folder)), given, folder });
  }

  /** Calls a process that knows callers by their certificates. Throws StackError. */
  client(app: 'keyholder' | 'correlator' | 'witness'): ServiceClient {
    const url = this.url(app);
    if (new URL(url).protocol !== 'https:')
      throw new StackError(`${url} is no https address`, `set CTL_${app.toUpperCase()}_URL`);
    return new ServiceClient(url, app, this.identity());
  }

  private identity(): TlsIdentity {
    const { tlsCertFile, tlsKeyFile, tlsCaFile } = this.config.settings;
    const own = tlsFilesOf(this.at.tls, 'ctl');
    const files: TlsFiles = {
      tlsCertFile: tlsCertFile ?? own.tlsCertFile,
      tlsKeyFile: tlsKeyFile ?? own.tlsKeyFile,
      tlsCaFile: tlsCaFile ?? own.tlsCaFile,
    };
    try {
      return TlsIdentity.open('ctl', files);
    } catch (error) {
      throw new StackError(
        (error as Error).message,
        'run `npm start` first, or set CTL_TLS_CERT_FILE, CTL_TLS_KEY_FILE and CTL_TLS_CA_FILE',
      );
    }
  }
}

interface SignerOptions {
  readonly kind: 'operator' | 'moderator';
  readonly id: string | undefined;
  readonly given: Secret | undefined;
  readonly folder: string;
}

function signer({ kind, id, given, folder }: SignerOptions): Signer {
  const setting = `CTL_${kind.toUpperCase()}`;
  if (given) {
    if (!id) throw new StackError(`whose key ${setting}_KEY_FILE is, is not said`, `set ${setting}_ID`);
    return { id, key: keyFrom(given.text(), `${setting}_KEY_FILE`) };
  }
  if (id === undefined) {
    throw new StackError(
      `there is no ${kind}'s key in ${folder}`,
      `run \`npm start\` first, or set ${setting}_ID and ${setting}_KEY_FILE`,
    );
  }
  const file = path.join(folder, `${id}.pem`);
  return { id, key: keyFrom(readText(file, `check ${setting}_ID`), file) };
}

function firstKey(folder: string): string | undefined {
  try {
    return readdirSync(folder)
      .filter((name) => name.endsWith('.pem'))
      .sort()[0]
      ?.slice(0, -'.pem'.length);
  } catch {
    return undefined;
  }
}

function keyFrom(pem: string, where: string): SigningKey {
  try {
    return signingKeyFromPem(pem);
  } catch {
    throw new StackError(`${where} holds no Ed25519 key in PEM`, 'make one with `openssl genpkey -algorithm ed25519`');
  }
}

function readText(file: string, mend: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new StackError(`${file} cannot be read (${(error as NodeJS.ErrnoException).code})`, mend);
  }
}
