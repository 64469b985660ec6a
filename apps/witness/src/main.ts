/**
 * A witness: verifies the signed signals for itself, recomputes every tally and signs the ones that are the same, or refuses and raises
 * an alarm. It learns signals, never accounts, and has no key that opens a sum.
 */
import 'reflect-metadata';
import { createLogger, runMain, serve, SystemClock } from '#platform';
import { config } from './config.js';
import { startWitness } from './start.js';

await runMain('witness', async () => {
  const { settings, secrets } = config.read(process.env);
  const logger = createLogger({ app: 'witness', level: settings.logLevel });
  const clock = new SystemClock(settings.clockOffsetDays);
  const production = process.env['NODE_ENV'] === 'production';
  const app = await startWitness({ settings, secrets, production, logger, clock });
  await serve(app, { logger, host: settings.host, port: settings.port });
});
