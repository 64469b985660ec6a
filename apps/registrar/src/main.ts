/**
 * The registrar: the account side. It knows accounts, counts their tickets and learns suspensions in batches; it never sees a
 * pseudonym, a selector or a signal, and stores nothing of a ticket but two counters.
 */
import 'reflect-metadata';
import { createLogger, runMain, serve, SystemClock } from '#platform';
import { config } from './config.js';
import { startRegistrar } from './start.js';

await runMain('registrar', async () => {
  const { settings, secrets } = config.read(process.env);
  const logger = createLogger({ app: 'registrar', level: settings.logLevel });
  const clock = new SystemClock(settings.clockOffsetDays);
  const production = process.env['NODE_ENV'] === 'production';
  const app = await startRegistrar({ settings, secrets, production, logger, clock });
  await serve(app, { logger, host: settings.host, port: settings.port });
});
