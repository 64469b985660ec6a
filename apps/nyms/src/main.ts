/**
 * nyms: the pseudonym side. It knows pseudonyms, their keys and encrypted selectors, and the signals of hubs; it never sees an account,
 * a handle or a key that could open a selector.
 */
import 'reflect-metadata';
import { createLogger, runMain, serve, SystemClock } from '#platform';
import { config } from './config.js';
import { startNyms } from './start.js';

await runMain('nyms', async () => {
  const { settings, secrets } = config.read(process.env);
  const logger = createLogger({ app: 'nyms', level: settings.logLevel });
  const clock = new SystemClock(settings.clockOffsetDays);
  const production = process.env['NODE_ENV'] === 'production';
  const app = await startNyms({ settings, secrets, production, logger, clock });
  await serve(app, { logger, host: settings.host, port: settings.port });
});
