/** Opens all a correlator needs and makes its application, initialised and not listening. `main.ts` and tests begin here. */
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { openScheme } from '#he';
import { createHttpApp, signingKeyFromPem, StartError, TlsIdentity } from '#platform';
import type { AppLogger, Clock } from '#platform';
import { PolicyRefused } from '#policy';
import { readAttesters, readPin } from '#tallies';
import { AppModule } from './app.module.js';
import type { Secrets, Settings } from './config.js';
import { correlatorEvents } from './events.js';

export interface StartOptions {
  readonly settings: Settings;
  readonly secrets: Secrets;
  readonly production: boolean;
  readonly logger: AppLogger;
  readonly clock: Clock;
}

/** @throws StartError with one clear line for what the operator can mend */
export async function startCorrelator(options: StartOptions): Promise<NestFastifyApplication> {
  const { settings, secrets, production, logger } = options;
  const events = correlatorEvents(logger);
  const pin = inOneLine(
    () => readPin(settings.keyholderPinFile, (report) => events.emit('pin-changed', report)),
    "the key holder's public file does not fit",
  );
  const witnesses = inOneLine(() => readAttesters(settings.witnessesFile), 'the witnesses file does not fit');
  const key = inOneLine(() => signingKeyFromPem(secrets.attestationKey.text()), 'the attestation key is no Ed25519 key');
  if (witnesses.size === 0) throw new StartError('the witnesses file names nobody: nothing would ever be decided');
  if (production && pin.parameterSet.startsWith('plain'))
    throw new StartError('the parameter set must be an encrypted one in production');
  const tls = TlsIdentity.open('correlator', settings);
  const scheme = await openScheme(pin.parameterSet, { threads: settings.threads });
  try {
    const parts = { ...options, pin, witnesses, key, scheme, tls, events };
    return await createHttpApp(AppModule.register(parts), { logger, tls });
  } catch (error) {
    await scheme.close();
    throw error instanceof PolicyRefused ? new StartError(error.message) : error;
  }
}

/** Never repeats what it read. */
function inOneLine<T>(read: () => T, words: string): T {
  try {
    return read();
  } catch {
    throw new StartError(words);
  }
}
