/**
 * The key holder: the only process with the secret of the additive scheme. It knows handles, positions and standings; it stores no
 * pseudonym and no selector id beside a handle. `main.js init` makes its secrets once and prints what others pin; `main.js bulk-mint`
 * makes selectors for the benchmark, `main.js selftest` tries its own key.
 */
import 'reflect-metadata';
import { availableParallelism } from 'node:os';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createLogger, runMain, serve, SystemClock } from '#platform';
import { PolicyStore, readOperators } from '#policy';
import { bulkMint, requireBulkPermit } from './bulk/bulk-mint.js';
import { config, readInitConfig } from './config.js';
import { KeyholderKeys } from './keys/keyholder-keys.js';
import { initSecrets, openSecrets } from './keys/secrets-folder.js';
import { pinText } from './keys/pin.js';
import { openSecretScheme } from './secret-key/index.js';
import { checkScheme, inOneLine, startKeyholder } from './start.js';

async function init(): Promise<void> {
  const { secretsDir, parameterSet } = readInitConfig(process.env);
  const pin = await initSecrets(secretsDir, parameterSet).catch(inOneLine);
  process.stdout.write(pinText(pin));
}

async function mintInBulk(): Promise<void> {
  const { secretsDir, parameterSet } = readInitConfig(process.env);
  await requireBulkPermit(secretsDir, process.env['NODE_ENV'] === 'production');
  const opened = await openSecrets(secretsDir).catch(inOneLine);
  const scheme = await openSecretScheme(parameterSet, opened.scheme, { threads: availableParallelism() });
  await pipeline(Readable.from(bulkMint(process.stdin, new KeyholderKeys(opened), scheme)), process.stdout);
  await scheme.close();
}

async function run(): Promise<void> {
  const { settings, secrets } = config.read(process.env);
  const logger = createLogger({ app: 'keyholder', level: settings.logLevel });
  const clock = new SystemClock(settings.clockOffsetDays);
  const production = process.env['NODE_ENV'] === 'production';
  const app = await startKeyholder({ settings, secrets, production, logger, clock });
  await serve(app, { logger, host: settings.host, port: settings.port });
}

/** What start-up checks too, for `ctl selftest`: exit code 0, or one line and 1. */
async function selftest(): Promise<void> {
  const { settings } = config.read(process.env);
  const { parameterSet, policyDir: folder } = settings;
  const production = process.env['NODE_ENV'] === 'production';
  const operators = readOperators(settings.operatorsFile);
  const { document } = new PolicyStore({ folder, operators, production }).open().live();
  const opened = await openSecrets(settings.secretsDir).catch(inOneLine);
  const scheme = await openSecretScheme(parameterSet, opened.scheme);
  await checkScheme(scheme, document).finally(() => scheme.close());
}

const modes: Readonly<Record<string, () => Promise<void>>> = { init, 'bulk-mint': mintInBulk, selftest };
await runMain('keyholder', modes[process.argv[2] ?? ''] ?? run);
