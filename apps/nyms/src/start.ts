/** Opens all that nyms needs and makes its application, initialised and not listening. `main.ts` and tests begin here. */
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { createHttpApp, signingKeyFromPem, StartError, TlsIdentity } from '#platform';
import type { AppLogger, Clock, Secret, SigningKey } from '#platform';
import { PolicyRefused } from '#policy';
import type { HubKeysOptions } from '#signals';
import { AppModule } from './app.module.js';
import type { Secrets, Settings } from './config.js';
import { nymsEvents } from './events.js';
import { AnswerSigner } from './hubs/answer-signer.js';
import { readPin } from './keyholder/pin.js';
import type { OutsideOptions } from './outside/outside-client.js';
import { openIssuer } from './pseudonyms/credential.js';
import { SealKey } from './streams/configuration/seal-key.js';
import { SetKeys } from './streams/notices/set-keys.js';
import type { StreamsOptions } from './streams/streams.providers.js';

/** The acknowledgements of the largest poll; nothing that comes as JSON here is larger. */
const JSON_LIMIT = 65_536;

export interface StartOptions {
  readonly settings: Settings;
  readonly secrets: Secrets;
  readonly production: boolean;
  readonly logger: AppLogger;
  readonly clock: Clock;
  /** For tests: how hubs' JWKS are had. */
  readonly hubKeys?: HubKeysOptions;
  /** For tests: how transmitters of hubs are found and believed. */
  readonly outside?: Omit<OutsideOptions, 'anyAddress'>;
  /** For tests: how pushes to hubs find and believe them. */
  readonly push?: StreamsOptions['push'];
}

/** @throws StartError with one clear line for what the operator can mend */
export async function startNyms(options: StartOptions): Promise<NestFastifyApplication> {
  const { settings, secrets, logger, clock } = options;
  if (!settings.queueDatabaseUrl && !settings.redisUrl) throw new StartError('set NYMS_QUEUE_DATABASE_URL or REDIS_URL');
  const events = nymsEvents(logger);
  const module = AppModule.register({
    ...options,
    events,
    tls: TlsIdentity.open('nyms', settings),
    pin: readPin(settings.keyholderPinFile, (report) => events.emit('pin-changed', report)),
    issuer: await openIssuer(secrets.credentialKey.text(), secrets.credentialCert.text(), clock.today()),
    streams: streamsOptions(options),
    signer: new AnswerSigner(answerKey(secrets.answerKey)),
  });
  try {
    return await createHttpApp(module, { logger, jsonLimit: JSON_LIMIT, browserClients: true });
  } catch (error) {
    if (error instanceof PolicyRefused) throw new StartError(error.message);
    throw error;
  }
}

function streamsOptions({ settings, secrets, production, push }: StartOptions): StreamsOptions {
  const { publicUrl, streamJwksUrl: jwksUrl, streamTokenIssuer: issuer, streamTokenAudience: audience } = settings;
  return {
    settings: { publicUrl: publicUrl.replace(/\/+$/, ''), production },
    token: { jwksUrl, issuer, audience },
    setKeys: SetKeys.open(secrets.setKeys),
    sealKey: SealKey.open(secrets.streamSealKey),
    push,
  };
}

function answerKey(secret: Secret): SigningKey {
  try {
    return signingKeyFromPem(secret.text());
  } catch {
    throw new StartError('NYMS_ANSWER_KEY_FILE must be an Ed25519 private key, PKCS #8 PEM');
  }
}
