/**
 * The correlator: weighs signals, closes epochs, folds encrypted tallies and brings what a witness has attested to the key holder.
 * It knows pseudonyms and hubs, no account, and has no key that opens a sum.
 */
import 'reflect-metadata';
import { createLogger, runMain, serve, SystemClock } from '#platform';
import { config } from './config.js';
import { startCorrelator } from './start.js';

await runMain('correlator', async () => {
  const { settings, secrets } = config.read(process.env);
  const logger = createLogger({ app: 'correlator', level: settings.logLevel });
  const clock = new SystemClock(settings.clockOffsetDays);
  const production = process.env['NODE_ENV'] === 'production';
  const app = await startCorrelator({ settings, secrets, production, logger, clock });
  await serve(app, { logger, host: settings.host, port: settings.port });
});
