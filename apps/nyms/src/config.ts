/** All that can be set of nyms. */
import {
  clockOffsetDays,
  defineConfig,
  filePath,
  httpsUrl,
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

export const config = defineConfig('NYMS', {
  settings: {
    port: port(7402),
    host: text('127.0.0.1', 'address to listen on'),
    databaseUrl: url(required, 'PostgreSQL of the pseudonym side, role nyms'),
    queueDatabaseUrl: optional(url(required, 'PostgreSQL for the queue, role queue; not needed with REDIS_URL')),
    redisUrl: named('REDIS_URL', optional(url(required, 'Redis for the queue'))),
    policyDir: filePath(required, 'folder of the approved policies and registries of people'),
    peopleFile: filePath(
      required,
      'JSON: the first registry of people; later ones lie beside the policies, approved by those before',
    ),
    keyholderUrl: serviceUrl('address of the key holder'),
    keyholderPinFile: filePath(required, "the key holder's public file, `keyholder-public.json`"),
    ...tlsFiles,
    publicUrl: httpsUrl(
      'address of nyms as hubs reach it: what the endpoints of streams and the names of status lists begin with',
    ),
    streamJwksUrl: httpsUrl('public keys of the authorization server whose access tokens hubs manage streams with'),
    streamTokenIssuer: text(required, '`iss` of those tokens'),
    streamTokenAudience: text(required, '`aud` of those tokens: this service'),
    enforcementTickMs: optional(
      int(required, 'pause between looks at what is due; the policy says by default', { min: 50, max: 3_600_000 }),
    ),
    statusPublishSeconds: int(21_600, 'period of the status lists: what ends in between is seen at the next whole one', {
      min: 1,
      max: 86_400,
    }),
    clockOffsetDays,
    logLevel: oneOf(logLevels, 'info', 'least level that is written'),
  },
  secrets: {
    credentialKey: secretFile('private key of the issuing certificate, PKCS #8 PEM, Ed25519 or P-256'),
    credentialCert: secretFile('the issuing certificate, PEM'),
    setKeys: secretFile(
      'private keys, PKCS #8 PEM, one behind the other: sign SETs; of each kind (Ed25519, P-256, RSA of 2,048 bits and more) the first signs',
    ),
    streamSealKey: secretFile('32 bytes, base64url: seals the Authorization headers that hubs want with pushes'),
    answerKey: secretFile('Ed25519 private key, PKCS #8 PEM: signs status answers and status lists'),
    hubTokens: optional(secretFile('JSON `{"<hub>": "<bearer token>"}`: what the transmitters of hubs ask of us')),
    metricsToken: optional(secretFile('token for /metrics; open without one')),
  },
});

type ReadConfig = ReturnType<typeof config.read>;
export type Settings = ReadConfig['settings'];
export type Secrets = ReadConfig['secrets'];
