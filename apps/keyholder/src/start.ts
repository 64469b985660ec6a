/** Opens all a key holder needs and makes its application, initialised and not listening. `main.ts` and tests begin here. */
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { createHttpApp, StartError } from '#platform';
import type { AppLogger, Clock } from '#platform';
import { AppModule } from './app.module.js';
import type { Secrets, Settings } from './config.js';
import { SecondKeyholder, Writer } from './database/writer.js';
import { readTicketKeys } from './day-list/ticket-keys.js';
import { KeyholderKeys } from './keys/keyholder-keys.js';
import { openSecrets } from './keys/secrets-folder.js';
import { openSecretScheme } from './secret-key/index.js';
import type { SecretScheme } from './secret-key/index.js';

/** A selector of the largest set, base64url, with room to spare. */
const JSON_LIMIT = 128 * 1_024;

export interface StartOptions {
  readonly settings: Settings;
  readonly secrets: Secrets;
  readonly production: boolean;
  readonly logger: AppLogger;
  readonly clock: Clock;
}

/** @throws StartError with one clear line for what the operator can mend */
export async function startKeyholder(options: StartOptions): Promise<NestFastifyApplication> {
  const { settings, logger } = options;
  const opened = await openSecrets(settings.secretsDir).catch(inOneLine);
  if (opened.pin.parameterSet !== settings.parameterSet) {
    throw new StartError(
      `the secrets folder is of parameter set ${opened.pin.parameterSet}, the configuration says ${settings.parameterSet}`,
    );
  }
  const ticketKeys = await readTicketKeys(settings.ticketKeysFile).catch(inOneLine);
  const keys = new KeyholderKeys(opened);
  const writer = await openWriter(settings.databaseUrl);
  let scheme: SecretScheme | undefined;
  try {
    scheme = await openSecretScheme(settings.parameterSet, opened.scheme, { threads: settings.threads });
    opened.scheme.fill(0);
    return await createHttpApp(AppModule.register({ ...options, keys, scheme, writer, ticketKeys }), {
      logger,
      requestTimeoutMs: 0,
      jsonLimit: JSON_LIMIT,
    });
  } catch (error) {
    await scheme?.close();
    await writer.close();
    throw error;
  }
}

async function openWriter(url: string): Promise<Writer> {
  const writer = new Writer(url);
  try {
    return await writer.open();
  } catch (error) {
    if (error instanceof SecondKeyholder) throw new StartError(error.message);
    throw error;
  }
}

function inOneLine(error: unknown): never {
  throw new StartError(error instanceof Error ? error.message : String(error));
}
