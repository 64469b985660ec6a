/**
 * The first thing a key holder does: serve its sealed self until enough people have presented their shares, or, in development, open
 * itself from a file and say so loudly.
 */
import path from 'node:path';
import { createHttpApp, serve, StartError, TlsIdentity } from '#platform';
import type { AppLogger, Clock } from '#platform';
import type { Secrets, Settings } from '../../config.js';
import { keyholderEvents } from '../../events.js';
import { folderPin } from '../../keys/secrets-folder.js';
import { autoUnseal, autoUnsealFile } from '../auto-unseal.js';
import { readSealRecord } from '../ceremony/seal-record.js';
import { ShareCollector } from '../share-collector.js';
import type { Unsealed } from '../share-collector.js';
import { SealedModule } from './sealed.module.js';

export interface UnsealOptions {
  readonly settings: Settings;
  readonly secrets: Secrets;
  readonly production: boolean;
  readonly logger: AppLogger;
  readonly clock: Clock;
}

/** @throws Error in one line when the folder cannot be unsealed the way that is configured */
export async function unseal(options: UnsealOptions): Promise<Unsealed> {
  const { secretsDir, unseal: mode } = options.settings;
  await folderPin(secretsDir); // people are not called together for a folder that `init` has not finished
  const record = await readSealRecord(secretsDir);
  if (record.mode !== mode) throw new StartError(`the secrets are sealed for ${record.mode}, KEYHOLDER_UNSEAL is ${mode}`);
  return record.mode === 'auto' ? alone(options) : byShares(options);
}

async function alone({ settings: { secretsDir }, production, logger }: UnsealOptions): Promise<Unsealed> {
  const { barrier, ceremony } = await autoUnseal(secretsDir, production);
  const danger = 'the key holder unseals itself: whoever reads its folder has every secret. For development only';
  keyholderEvents(logger).emit('auto-unsealed', { danger });
  process.stderr.write(`WARNING: ${danger} (${path.join(secretsDir, autoUnsealFile)})\n`);
  return { barrier, ceremony, mode: 'auto', shares: [] };
}

/** The sealed application is gone when this resolves, and the last person has had an answer. */
async function byShares({ settings, secrets, logger, clock }: UnsealOptions): Promise<Unsealed> {
  const { secretsDir, host, port } = settings;
  const tls = TlsIdentity.open('keyholder', settings);
  const collector = new ShareCollector(secretsDir);
  const parts = { secretsDir, logger, clock, tls, collector, metricsToken: secrets.metricsToken };
  const app = await createHttpApp(SealedModule.register(parts), { logger, tls, unknownRoute: 'keyholder-sealed' });
  const serving = await serve(app, { logger, host, port });
  const events = keyholderEvents(logger);
  events.emit('sealed', {});
  const unsealed = await collector.opened;
  events.emit('unsealed', { shares: unsealed.shares.length });
  await serving.stop();
  return unsealed;
}
