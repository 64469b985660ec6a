/**
 * The key holder: the only process with the secret of the additive scheme. It knows handles, positions and standings; it stores no
 * pseudonym and no selector id beside a handle. `main.js init` makes its secrets once and prints what others pin.
 */
import 'reflect-metadata';
import { createLogger, runMain, serve, SystemClock } from '#platform';
import { config, readInitConfig } from './config.js';
import { initSecrets } from './keys/secrets-folder.js';
import { pinText } from './keys/pin.js';
import { inOneLine, startKeyholder } from './start.js';

async function init(): Promise<void> {
  const { secretsDir, parameterSet } = readInitConfig(process.env);
  const pin = await initSecrets(secretsDir, parameterSet).catch(inOneLine);
  process.stdout.write(pinText(pin));
}

async function run(): Promise<void> {
  const { settings, secrets } = config.read(process.env);
  const logger = createLogger({ app: 'keyholder', level: settings.logLevel });
  const clock = new SystemClock(settings.clockOffsetDays);
  const production = process.env['NODE_ENV'] === 'production';
  const app = await startKeyholder({ settings, secrets, production, logger, clock });
  await serve(app, { logger, host: settings.host, port: settings.port });
}

await runMain('keyholder', process.argv[2] === 'init' ? init : run);
