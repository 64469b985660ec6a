/** All that can be set of the correlator. */
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
  serviceUrl,
  text,
  tlsFiles,
  url,
} from '#platform';

export const config = defineConfig('CORRELATOR', {
  settings: {
    port: port(7404),
    host: text('127.0.0.1', 'address to listen on'),
    id: text(required, 'name under which the key holder has pinned its attestation key'),
    databaseUrl: url(required, 'PostgreSQL cluster of nyms, role correlator'),
    queueDatabaseUrl: optional(url(required, 'the same cluster, role queue: where jobs are kept without a Redis')),
    redisUrl: named('REDIS_URL', optional(url(required, 'Redis for the queues'))),
    policyDir: filePath(required, 'folder of the approved policies and registries of people'),
    peopleFile: filePath(
      required,
      'JSON: the first registry of people; later ones lie beside the policies, approved by those before',
    ),
    keyholderUrl: serviceUrl('address of the key holder'),
    keyholderPinFile: filePath(required, "the key holder's public file"),
    witnessesFile: filePath(required, 'JSON [{id, key}]: whose objections and attestations it waits for'),
    ...tlsFiles,
    threads: int(2, 'worker threads that fold', { min: 1, max: 64 }),
    schedule: oneOf(['on', 'off'], 'on', 'off: epochs are closed on command only'),
    clockOffsetDays,
    logLevel: oneOf(logLevels, 'info', 'least level that is written'),
  },
  secrets: {
    attestationKey: secretFile('Ed25519 private key, PKCS #8 PEM: signs manifests and trees'),
    metricsToken: optional(secretFile('token for /metrics; open without one')),
  },
});

type ReadConfig = ReturnType<typeof config.read>;
export type Settings = ReadConfig['settings'];
export type Secrets = ReadConfig['secrets'];
