/** Configuration of the five apps on one machine: who gets which key, role and address. What an app does not need, it does not get. */
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { toBase64Url } from '#contracts';
import { kidOf } from '#platform';
import type { AppSpec } from './app-process.js';
import { tlsFilesOf } from '../certificates/certificate-folder.js';
import { demoPeopleDocument } from './demo-people.js';
import type { NamedKey, StackKeys } from './keys.js';
import { keyholderPinFile, logWitnessesFile, logWitnessesOf, witnessedLogsFile } from './log-files.js';
import { peopleFile } from './policy-files.js';

/** In the order of their start. */
export const appNames = ['keyholder', 'registrar', 'nyms', 'correlator', 'witness'] as const;
export type AppName = (typeof appNames)[number];
/** Where architecture puts them when nobody says otherwise; the identity provider of development comes last. */
export const defaultPorts = {
  registrar: 7401,
  nyms: 7402,
  keyholder: 7403,
  correlator: 7404,
  witness: 7405,
  issuer: 7406,
} as const;
export type PortName = keyof typeof defaultPorts;

/**
 * A tally reads gigabytes, in buffers that live outside the heap: with a large young generation they pile up until the collector walks
 * everything the window holds, again and again. A small one lets go of them at once.
 */
const smallYoungGeneration = ['--max-semi-space-size=1'];
/** Flags of Node that an app is started with. */
const nodeFlags: Partial<Record<AppName, readonly string[]>> = {
  correlator: smallYoungGeneration,
  witness: smallYoungGeneration,
};

/** Called by our own processes and `ctl` only, over TLS. */
export const internalNames = ['keyholder', 'correlator', 'witness'] as const;
export type InternalName = (typeof internalNames)[number];
export const isInternal = (name: string): name is InternalName => internalNames.some((one) => one === name);

export interface AppSettings {
  /** Folder of package.json */
  readonly root: string;
  readonly dataDir: string;
  readonly keys: StackKeys;
  readonly urls: Readonly<Record<PortName, string>>;
  readonly domain: string;
  readonly parameterSet: string;
  readonly cohortsPerBlock: number;
  readonly schedule: 'on' | 'off';
  /** Whether people unseal the key holder, or it does so itself. */
  readonly unseal: 'shares' | 'auto';
  readonly clockOffsetDays: number;
  readonly logLevel: string;
  /** Connection URL of a database role. */
  urlFor(role: string): string;
  readonly redisUrl?: string | undefined;
}

export const folders = (dataDir: string) => ({
  keys: path.join(dataDir, 'keys'),
  config: path.join(dataDir, 'config'),
  policy: path.join(dataDir, 'policy'),
  logs: path.join(dataDir, 'logs'),
  postgres: path.join(dataDir, 'postgres'),
  tls: path.join(dataDir, 'keys', 'tls'),
  witnessHeads: path.join(dataDir, 'witness-heads'),
  keyholderSecrets: path.join(dataDir, 'keys', 'keyholder'),
});

const publicKey = ({ id, key }: NamedKey) => ({ id, key: toBase64Url(key.publicKey) });

/** Writes the public files that processes pin (people, attesters, ticket keys, witnesses) and returns what to start. */
export function appSpecs(settings: AppSettings): Record<AppName, AppSpec> {
  const { keys, urls, dataDir } = settings;
  const at = folders(dataDir);
  const pinned = (name: string, content: unknown): string => {
    const file = path.join(at.config, name);
    writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content, undefined, 2));
    return file;
  };
  const people = pinned(peopleFile, demoPeopleDocument(keys.people));
  const keyholderPin = path.join(at.config, keyholderPinFile);
  const queue = (prefix: string): Record<string, string> =>
    settings.redisUrl ? { REDIS_URL: settings.redisUrl } : { [`${prefix}_QUEUE_DATABASE_URL`]: settings.urlFor('queue') };
  const spec = (name: AppName, env: Record<string, string>): AppSpec => {
    const prefix = name.toUpperCase();
    const { hostname, port } = new URL(urls[name]);
    const tls = tlsFilesOf(at.tls, name);
    const common = {
      PORT: port,
      HOST: hostname,
      DATABASE_URL: settings.urlFor(name),
      TLS_CERT_FILE: tls.tlsCertFile,
      TLS_KEY_FILE: tls.tlsKeyFile,
      TLS_CA_FILE: tls.tlsCaFile,
      POLICY_DIR: at.policy,
      PEOPLE_FILE: people,
      CLOCK_OFFSET_DAYS: String(settings.clockOffsetDays),
      LOG_LEVEL: settings.logLevel,
    };
    const prefixed = Object.fromEntries(Object.entries({ ...common, ...env }).map(([key, value]) => [`${prefix}_${key}`, value]));
    return {
      name,
      command: [...(nodeFlags[name] ?? []), path.join(settings.root, 'dist', 'apps', name, 'src', 'main.js')],
      env: prefixed,
      logFile: path.join(at.logs, `${name}.log`),
      url: urls[name],
      ...(isInternal(name) && { client: tlsFilesOf(at.tls, 'ctl') }),
    };
  };
  const withQueue = (app: AppSpec): AppSpec => ({ ...app, env: { ...app.env, ...queue(app.name.toUpperCase()) } });
  return {
    keyholder: spec('keyholder', {
      ATTESTERS_FILE: pinned('attesters.json', {
        correlators: [publicKey(keys.correlator)],
        witnesses: [publicKey(keys.witness)],
        needed: 1,
      }),
      TICKET_KEYS_FILE: pinned('ticket-keys.json', [
        { kid: kidOf(keys.ticket.key.publicKey), key: toBase64Url(keys.ticket.key.publicKey) },
      ]),
      LOG_WITNESSES_FILE: pinned(logWitnessesFile, logWitnessesOf(keys.logWitness, urls.witness)),
      SECRETS_DIR: at.keyholderSecrets,
      UNSEAL: settings.unseal,
      PARAMETER_SET: settings.parameterSet,
      // here epochs are closed on command, many in a day
      DECISIONS_PER_EPOCH: '1000000',
      COHORTS_PER_BLOCK: String(settings.cohortsPerBlock),
      SEAL_KEY_FILE: keys.sealKeyFile,
    }),
    registrar: spec('registrar', {
      JWKS_URL: `${urls.issuer}/.well-known/jwks.json`,
      TOKEN_ISSUER: urls.issuer,
      TOKEN_AUDIENCE: urls.registrar,
      KEYHOLDER_URL: urls.keyholder,
      APPEAL_URL: `https://${settings.domain}/appeal`,
      RELEASE_POLL_MS: '250',
      TICKET_KEY_FILE: keys.ticket.file,
      SEAL_KEY_FILE: keys.sealKeyFile,
      CONTACT_KEY_FILE: keys.contactKeyFile,
    }),
    nyms: withQueue(
      spec('nyms', {
        STATUS_PUBLISH_SECONDS: '10', // here revocations take seconds, too
        KEYHOLDER_URL: urls.keyholder,
        KEYHOLDER_PIN_FILE: keyholderPin,
        CREDENTIAL_KEY_FILE: keys.credentialKeyFile,
        CREDENTIAL_CERT_FILE: keys.credentialCertificateFile,
        ANSWER_KEY_FILE: keys.answer.file,
        PUBLIC_URL: urls.nyms,
        STREAM_JWKS_URL: `${urls.issuer}/.well-known/jwks.json`,
        STREAM_TOKEN_ISSUER: urls.issuer,
        STREAM_TOKEN_AUDIENCE: urls.nyms,
        SET_KEYS_FILE: keys.setKeysFile,
        STREAM_SEAL_KEY_FILE: keys.streamSealKeyFile,
      }),
    ),
    correlator: withQueue(
      spec('correlator', {
        ID: keys.correlator.id,
        KEYHOLDER_URL: urls.keyholder,
        KEYHOLDER_PIN_FILE: keyholderPin,
        WITNESSES_FILE: pinned('witnesses.json', [publicKey(keys.witness)]),
        SCHEDULE: settings.schedule,
        ATTESTATION_KEY_FILE: keys.correlator.file,
      }),
    ),
    witness: withQueue(
      spec('witness', {
        ID: keys.witness.id,
        KEYHOLDER_PIN_FILE: keyholderPin,
        CORRELATOR_KEY_FILE: pinned('correlator.json', publicKey(keys.correlator)),
        ATTESTATION_KEY_FILE: keys.witness.file,
        LOGS_FILE: path.join(at.config, witnessedLogsFile),
        HEADS_DIR: at.witnessHeads,
        COSIGNING_KEY_FILE: keys.logWitness.file,
      }),
    ),
  };
}
