/** Opens all a witness needs and makes its application, initialised and not listening. `main.ts` and tests begin here. */
import { readFileSync } from 'node:fs';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { logWitnessName } from '#contracts';
import { openScheme } from '#he';
import { createHttpApp, signingKeyFromPem, StartError, TlsIdentity } from '#platform';
import type { AppLogger, Clock } from '#platform';
import { PolicyRefused } from '#policy';
import { attestersOf, readAttesters, readPin } from '#tallies';
import { AppModule } from './app.module.js';
import { readWitnessedLogs } from './cosigning/witnessed-logs.js';
import type { Secrets, Settings } from './config.js';
import { witnessEvents } from './events.js';

export interface StartOptions {
  readonly settings: Settings;
  readonly secrets: Secrets;
  readonly production: boolean;
  readonly logger: AppLogger;
  readonly clock: Clock;
}

/** @throws StartError with one clear line for what the operator can mend */
export async function startWitness(options: StartOptions): Promise<NestFastifyApplication> {
  const { settings, secrets, production, logger } = options;
  const events = witnessEvents(logger);
  const pin = inOneLine(
    () => readPin(settings.keyholderPinFile, (report) => events.emit('pin-changed', report)),
    "the key holder's public file does not fit",
  );
  const key = inOneLine(() => signingKeyFromPem(secrets.attestationKey.text()), 'the attestation key is no Ed25519 key');
  const correlator = inOneLine(
    () => attestersOf([JSON.parse(readFileSync(settings.correlatorKeyFile, 'utf8'))]),
    'the correlator key file does not fit',
  );
  const { otherWitnessesFile: others } = settings;
  const otherWitnesses = inOneLine(
    () => (others === undefined ? new Map<string, Uint8Array>() : readAttesters(others)),
    'the witnesses file does not fit',
  );
  const cosigningKey = inOneLine(() => signingKeyFromPem(secrets.cosigningKey.text()), 'the cosigning key is no Ed25519 key');
  const logs = inOneLine(() => readWitnessedLogs(settings.logsFile), 'the logs file does not fit');
  if (production && pin.parameterSet.startsWith('plain'))
    throw new StartError('the parameter set must be an encrypted one in production');
  const tls = TlsIdentity.open('witness', settings);
  const scheme = await openScheme(pin.parameterSet, { threads: settings.threads });
  try {
    const witnesses = new Map([...otherWitnesses, [settings.id, key.publicKey]]);
    const signer = { name: logWitnessName(settings.id), key: cosigningKey };
    const cosigning = { signer, logs, headsDir: settings.headsDir };
    const parts = { ...options, cosigning, pin, key, correlator, witnesses, scheme, tls, events };
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
