/** All that can be set of the registrar. */
import {
  clockOffsetDays,
  defineConfig,
  filePath,
  httpsUrl,
  int,
  logLevels,
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

export const config = defineConfig('REGISTRAR', {
  settings: {
    port: port(7401),
    host: text('127.0.0.1', 'address to listen on'),
    databaseUrl: url(required, "the registrar's own PostgreSQL cluster, role registrar"),
    policyDir: filePath(required, 'folder of the approved policies and registries of people'),
    peopleFile: filePath(
      required,
      'JSON: the first registry of people; later ones lie beside the policies, approved by those before',
    ),
    jwksUrl: httpsUrl("the identity provider's public keys"),
    tokenIssuer: text(required, '`iss` of access tokens'),
    tokenAudience: text(required, '`aud` of access tokens: this service'),
    keyholderUrl: serviceUrl('address of the key holder'),
    ...tlsFiles,
    appealUrl: url(required, 'where a suspended account can appeal'),
    releasePollMs: int(10_000, 'pause between looks at the release batches', { min: 50, max: 3_600_000 }),
    clockOffsetDays,
    logLevel: oneOf(logLevels, 'info', 'least level that is written'),
  },
  secrets: {
    ticketKey: secretFile(
      'Ed25519 private key, PKCS #8 PEM: signs tickets; two while it is changed, the day list says which signs',
    ),
    sealKey: secretFile('32 bytes, base64url: seals the handles in tickets; shared with the key holder'),
    contactKey: optional(
      secretFile(
        '32 bytes, base64url: hashes verified e-mail addresses and phone numbers; related accounts are found only with one',
      ),
    ),
    metricsToken: optional(secretFile('token for /metrics; open without one')),
  },
});

type ReadConfig = ReturnType<typeof config.read>;
export type Settings = ReadConfig['settings'];
export type Secrets = ReadConfig['secrets'];
