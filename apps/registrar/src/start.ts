/** Opens all a registrar needs and makes its application, initialised and not listening. `main.ts` and tests begin here. */
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { bytesOf } from '#contracts';
import { createHttpApp, remoteTokenKeys, StartError, TlsIdentity } from '#platform';
import type { AppLogger, Clock, Secret } from '#platform';
import { PolicyRefused } from '#policy';
import { AppModule } from './app.module.js';
import type { Secrets, Settings } from './config.js';
import { registrarEvents } from './events.js';
import { readTicketSecrets } from './tickets/ticket-keys.js';

/** Nothing a client may send here is larger. */
const JSON_LIMIT = 4_096;

export interface StartOptions {
  readonly settings: Settings;
  readonly secrets: Secrets;
  readonly production: boolean;
  readonly logger: AppLogger;
  readonly clock: Clock;
}

function readContactKey(secret: Secret): Uint8Array {
  try {
    return bytesOf(32).parse(secret.text().trim());
  } catch {
    throw new StartError('registrar cannot start: CONTACT_KEY must be base64url of 32 bytes');
  }
}

/** @throws StartError with one clear line for what the operator can mend */
export async function startRegistrar(options: StartOptions): Promise<NestFastifyApplication> {
  const { settings, secrets, logger } = options;
  const ticketSecrets = readTicketSecrets(secrets);
  const module = AppModule.register({
    ...options,
    ticketSecrets,
    contactKey: secrets.contactKey && readContactKey(secrets.contactKey),
    tls: TlsIdentity.open('registrar', settings),
    events: registrarEvents(logger),
    accountKeys: remoteTokenKeys(settings.jwksUrl),
  });
  try {
    return await createHttpApp(module, { logger, jsonLimit: JSON_LIMIT, browserClients: true });
  } catch (error) {
    if (error instanceof PolicyRefused) throw new StartError(error.message);
    throw error;
  }
}
