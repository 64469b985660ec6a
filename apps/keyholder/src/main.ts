/**
 * The key holder: the only process with the secret of the additive scheme. It knows handles, positions and standings; it stores no
 * pseudonym and no selector id beside a handle. It starts sealed, and answers once enough people have presented their shares.
 * `main.js init` makes its secrets once and prints what others pin, `rekey` makes new shares, `bulk-mint` makes selectors for the
 * benchmark, `selftest` tries its own key.
 */
import 'reflect-metadata';
import { availableParallelism } from 'node:os';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setTimeout as wait } from 'node:timers/promises';
import { createLogger, runMain, serve, StartError, SystemClock } from '#platform';
import type { Serving } from '#platform';
import { pinnedPeople, PolicyStore } from '#policy';
import { pinText } from '#pseudonyms';
import { bulkMint, requireBulkPermit } from './bulk/bulk-mint.js';
import { config, readInitConfig } from './config.js';
import { KeyholderKeys } from './keys/keyholder-keys.js';
import { initSecrets, openSecrets } from './keys/secrets-folder.js';
import type { OpenedSecrets } from './keys/secrets-folder.js';
import { readEpochSecrets } from './key-epochs/epoch-secrets.js';
import type { EpochSecrets } from './key-epochs/epoch-secrets.js';
import { newestEpochOf } from './keys/pin.js';
import { autoUnseal } from './sealing/auto-unseal.js';
import { rekey } from './sealing/ceremony/rekey.js';
import { initRequest, readRequest, rekeyRequest } from './sealing/ceremony/requests.js';
import { stateOf } from './sealing/ceremony/seal-record.js';
import { Sealing } from './sealing/process/sealing.service.js';
import { unseal } from './sealing/process/unseal.js';
import { SealedFolder } from './sealing/sealed-folder.js';
import { openSecretScheme } from './secret-key/index.js';
import { checkScheme, inOneLine, startKeyholder } from './start.js';

/** Requests under way may take so long when the process is to be sealed. */
const SEAL_DRAIN_MS = 5_000;
const production = process.env['NODE_ENV'] === 'production';

async function init(): Promise<void> {
  const { secretsDir, parameterSet, unseal: mode } = readInitConfig(process.env);
  const request = await readRequest(initRequest, process.stdin).catch(inOneLine);
  if (request.mode !== mode) throw new StartError(`KEYHOLDER_UNSEAL is ${mode}, and secrets for ${request.mode} are asked for`);
  const pin = await initSecrets(secretsDir, parameterSet, request).catch(inOneLine);
  process.stdout.write(pinText(pin));
}

async function makeNewShares(): Promise<void> {
  const { secretsDir } = readInitConfig(process.env);
  const request = await readRequest(rekeyRequest, process.stdin).catch(inOneLine);
  const ceremony = await rekey(secretsDir, request).catch(inOneLine);
  process.stdout.write(`${JSON.stringify(stateOf(ceremony))}\n`);
}

/** For the one-shot modes below, which nobody stands by: only where the secrets open themselves. */
async function openAlone(secretsDir: string): Promise<OpenedSecrets & EpochSecrets> {
  const { barrier } = await autoUnseal(secretsDir, production).catch(inOneLine);
  const sealed = new SealedFolder(secretsDir, barrier);
  const opened = await openSecrets(sealed).catch(inOneLine);
  return { ...opened, ...(await readEpochSecrets(sealed, newestEpochOf(opened.pin)).catch(inOneLine)) };
}

async function mintInBulk(): Promise<void> {
  const { secretsDir, parameterSet } = readInitConfig(process.env);
  await requireBulkPermit(secretsDir, production);
  const opened = await openAlone(secretsDir);
  const scheme = await openSecretScheme(parameterSet, opened.scheme, { threads: availableParallelism() });
  const { keyEpoch } = opened;
  const keys = new KeyholderKeys(opened);
  keys.begin(keyEpoch, opened.selectorKey);
  const signer = { keyEpoch, signSelector: keys.signSelector.bind(keys) };
  await pipeline(Readable.from(bulkMint(process.stdin, signer, scheme)), process.stdout);
  await scheme.close();
}

async function run(): Promise<void> {
  const { settings, secrets } = config.read(process.env);
  const logger = createLogger({ app: 'keyholder', level: settings.logLevel });
  const clock = new SystemClock(settings.clockOffsetDays);
  const common = { settings, secrets, production, logger, clock };
  const unsealed = await unseal(common).catch(inOneLine);
  const app = await startKeyholder({ ...common, unsealed });
  const sealing = app.get(Sealing, { strict: false });
  await sealing.noteUnsealed();
  const serving = await serve(app, { logger, host: settings.host, port: settings.port });
  await sealing.asked;
  await replaceProcess(serving);
}

/** The same process from its beginning (execve): nothing of this one's memory is left, whatever still held a key. */
async function replaceProcess(serving: Serving): Promise<void> {
  await Promise.race([serving.stop(), wait(SEAL_DRAIN_MS)]).catch(() => undefined);
  process.execve?.(process.execPath, [process.execPath, ...process.execArgv, ...process.argv.slice(1)], process.env);
  process.exit(1); // where there is no execve the operator's supervisor starts it again, sealed
}

/** What start-up checks too, for `ctl selftest`: exit code 0, or one line and 1. */
async function selftest(): Promise<void> {
  const { settings } = config.read(process.env);
  const { parameterSet, policyDir: folder } = settings;
  const people = pinnedPeople(settings.peopleFile);
  const { document } = new PolicyStore({ folder, people, production }).open().live();
  const opened = await openAlone(settings.secretsDir);
  const scheme = await openSecretScheme(parameterSet, opened.scheme);
  await checkScheme(scheme, document).finally(() => scheme.close());
}

const modes: Readonly<Record<string, () => Promise<void>>> = { init, rekey: makeNewShares, 'bulk-mint': mintInBulk, selftest };
await runMain('keyholder', modes[process.argv[2] ?? ''] ?? run);
