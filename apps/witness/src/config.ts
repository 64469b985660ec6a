/** All that can be set of a witness. */
import {
  clockOffsetDays,
  defineConfig,
  filePath,
  int,
  logLevels,
  named,
  oneOf,
  optional,
  port,
  required,
  secretFile,
  text,
  tlsFiles,
  url,
} from '#platform';

export const config = defineConfig('WITNESS', {
  settings: {
    port: port(7405),
    host: text('127.0.0.1', 'address to listen on'),
    id: text(required, 'name under which correlator and key holder have pinned its attestation key'),
    databaseUrl: url(required, 'PostgreSQL cluster of nyms, role witness'),
    queueDatabaseUrl: optional(url(required, 'the same cluster, role queue: where jobs are kept without a Redis')),
    redisUrl: named('REDIS_URL', optional(url(required, 'Redis for the queues'))),
    policyDir: filePath(required, 'folder of the approved policies and registries of people'),
    peopleFile: filePath(
      required,
      'JSON: the first registry of people; later ones lie beside the policies, approved by those before',
    ),
    keyholderPinFile: filePath(required, "the key holder's public file, pinned"),
    correlatorKeyFile: filePath(required, 'JSON {id, key}: the correlator, pinned'),
    otherWitnessesFile: optional(filePath(required, 'JSON [{id, key}]: witnesses whose objections count besides its own')),
    ...tlsFiles,
    logsFile: filePath(required, 'JSON [{origin, vkey}]: logs whose checkpoints it cosigns'),
    headsDir: filePath(required, 'folder of its own: what it has cosigned last; losing it is losing its memory'),
    threads: int(2, 'worker threads that fold', { min: 1, max: 64 }),
    clockOffsetDays,
    logLevel: oneOf(logLevels, 'info', 'least level that is written'),
  },
  secrets: {
    attestationKey: secretFile('Ed25519 private key, PKCS #8 PEM: signs objections and trees'),
    cosigningKey: secretFile('Ed25519 private key, PKCS #8 PEM: cosigns checkpoints'),
    metricsToken: optional(secretFile('token for /metrics; open without one')),
  },
});

type ReadConfig = ReturnType<typeof config.read>;
export type Settings = ReadConfig['settings'];
export type Secrets = ReadConfig['secrets'];
