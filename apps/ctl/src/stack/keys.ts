/**
 * Every key, certificate and password of a service on one machine, made on first use. In production each process has only its own,
 * and people keep theirs: here they lie in one folder, which is why this is for development, tests and the scenario.
 */
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import path from 'node:path';
import { toBase64Url } from '#contracts';
import { generateSigningKey, kidOf, signingKeyFromPem } from '#platform';
import type { SigningKey } from '#platform';
import { keepCertificates } from '../certificates/certificate-folder.js';
import { certificateAuthority } from './certificate-authority.js';
import { demoPeople } from './demo-people.js';
import type { DemoPerson } from './demo-people.js';
import { SecretFolder } from './secret-folder.js';

/** A key with a name that a policy or a configuration knows. */
export interface NamedKey {
  readonly id: string;
  readonly key: SigningKey;
  /** PKCS #8 PEM */
  readonly file: string;
}

/** A hub: `id` is its issuer (https origin), `kid` names its one key. */
export interface HubKey extends NamedKey {
  readonly kid: string;
  readonly operator: string;
}

export interface StackKeys {
  readonly folder: string;
  /** Those of `people` with this role. */
  readonly operators: readonly NamedKey[];
  readonly moderators: readonly NamedKey[];
  /** Who asks for and approves acts that take approvals. */
  readonly people: readonly DemoPerson[];
  readonly hubs: readonly HubKey[];
  /** The provider's own hub signs with it. */
  readonly ownHubKey: NamedKey;
  /** The sandbox of the first hub signs with it. */
  readonly sandboxKey: NamedKey;
  readonly correlator: NamedKey;
  readonly witness: NamedKey;
  /** cosigns the key holder's log; `id` is the witness's */
  readonly logWitness: NamedKey;
  /** signs tickets */
  readonly ticket: NamedKey;
  /** signs status answers */
  readonly answer: NamedKey;
  readonly issuer: NamedKey;
  readonly credentialKeyFile: string;
  readonly credentialCertificateFile: string;
  readonly sealKeyFile: string;
  /** sign SETs to hubs, one of each algorithm */
  readonly setKeysFile: string;
  readonly streamSealKeyFile: string;
  /** hashes contacts of accounts at the registrar */
  readonly contactKeyFile: string;
  /** Certificates of the processes for each other (`tlsFilesOf`). */
  readonly tls: string;
  /** Password of a database role, or of the superuser of a cluster. */
  password(name: string): string;
}

/** Reads or makes the keys below `folder`. The set of hubs grows when more are asked for. */
export async function stackKeys(folder: string, hubs: number): Promise<StackKeys> {
  const secrets = new SecretFolder(folder);
  const named = (kind: string, id: string): NamedKey => {
    const { file, text } = secrets.once(path.join(kind, `${id}.pem`), () => generateSigningKey().toPem());
    return { id, key: signingKeyFromPem(text), file };
  };
  const random = (name: string) => secrets.once(name, () => toBase64Url(randomBytes(32)));
  const authority = await certificateAuthority(secrets);
  const tls = path.join(folder, 'tls');
  await keepCertificates(tls, { now: new Date() });
  const people = await demoPeople(secrets);
  return {
    folder,
    operators: people.filter(({ roles }) => roles.includes('operator')),
    moderators: [named('moderators', 'moderator-1')],
    people,
    hubs: Array.from({ length: hubs }, (_, index) => {
      const name = `hub-${String(index + 1).padStart(2, '0')}`;
      const hub = named('hubs', name);
      return { ...hub, id: `https://${name}.example`, operator: name, kid: kidOf(hub.key.publicKey) };
    }),
    ownHubKey: named('hubs', 'rooms'),
    sandboxKey: named('hubs', 'sandbox'),
    correlator: named('attesters', 'correlator-1'),
    witness: named('attesters', 'witness-1'),
    logWitness: named('log-witnesses', 'witness-1'),
    ticket: named('registrar', 'ticket'),
    answer: named('nyms', 'answer'),
    issuer: named('identity-provider', 'issuer'),
    credentialKeyFile: authority.keyFile,
    credentialCertificateFile: authority.certificateFile,
    sealKeyFile: random('seal-key').file,
    setKeysFile: secrets.once(path.join('nyms', 'set-keys.pem'), setKeysPem).file,
    streamSealKeyFile: random('stream-seal-key').file,
    contactKeyFile: random('contact-key').file,
    tls,
    password: (name) => secrets.once(path.join('passwords', name), () => randomBytes(24).toString('hex')).text,
  };
}

/** One of each algorithm that notices can be signed with. */
function setKeysPem(): string {
  const pairs = [
    generateKeyPairSync('ed25519'),
    generateKeyPairSync('ec', { namedCurve: 'P-256' }),
    generateKeyPairSync('rsa', { modulusLength: 2_048 }),
  ];
  return pairs.map(({ privateKey }) => privateKey.export({ format: 'pem', type: 'pkcs8' }).toString()).join('');
}
