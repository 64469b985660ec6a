/** Opens all a key holder needs and makes its application, initialised and not listening. `main.ts` and tests begin here. */
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { PolicyDocument } from '#contracts';
import { parameterSet } from '#he';
import { createHttpApp, StartError, TlsIdentity } from '#platform';
import type { AppLogger, Clock } from '#platform';
import { largestTotal, PolicyRefused, PolicyStore } from '#policy';
import { AppModule } from './app.module.js';
import type { KeyholderParts } from './app.module.js';
import type { Secrets, Settings } from './config.js';
import { readLogWitnesses } from './audit/cosigning/log-witnesses.js';
import { readHeadsWith } from './generation/log-heads.js';
import { openGeneration } from './generation/open-generation.js';
import { SecondKeyholder, Writer } from './database/writer.js';
import { readAttesters } from './decisions/checks/attesters.js';
import { TicketKeys } from './day-list/ticket-keys.js';
import { keyholderEvents } from './events.js';
import { KeyholderKeys } from './keys/keyholder-keys.js';
import { openSecrets } from './keys/secrets-folder.js';
import { knownPeople } from './people/known-people.js';
import { SealedFolder } from './sealing/sealed-folder.js';
import type { Unsealed } from './sealing/share-collector.js';
import { openKeyEpochs } from './key-epochs/open-key-epochs.js';
import { Schemes } from './key-epochs/schemes.js';
import type { SecretScheme } from './secret-key/index.js';

/** A selector of the largest set, base64url, with room to spare. */
const JSON_LIMIT = 128 * 1_024;
/** Log witnesses may start at the same time. A state that is not the last one is never gone on from without them. */
const WITNESS_PATIENCE_MS = { known: 3_000, unknown: 10_000 } as const;

export interface StartOptions {
  readonly settings: Settings;
  readonly secrets: Secrets;
  /** how its own secrets can be opened */
  readonly unsealed: Unsealed;
  readonly production: boolean;
  readonly logger: AppLogger;
  readonly clock: Clock;
}

/** @throws StartError with one clear line for what the operator can mend */
export async function startKeyholder(options: StartOptions): Promise<NestFastifyApplication> {
  const { settings } = options;
  const sealed = new SealedFolder(settings.secretsDir, options.unsealed.barrier);
  const opened = await openSecrets(sealed).catch(inOneLine);
  if (opened.pin.parameterSet !== settings.parameterSet) {
    throw new StartError(
      `the secrets folder is of parameter set ${opened.pin.parameterSet}, the configuration says ${settings.parameterSet}`,
    );
  }
  const openTicketKeys = (file: string) =>
    TicketKeys.open(file, (followed) => keyholderEvents(options.logger).emit('ticket-keys-changed', { followed }));
  const ticketKeys = await fromFile(settings.ticketKeysFile, openTicketKeys);
  const attesters = await fromFile(settings.attestersFile, readAttesters);
  const logWitnesses = await fromFile(settings.logWitnessesFile, readLogWitnesses);
  const keys = new KeyholderKeys(opened);
  const tls = TlsIdentity.open('keyholder', settings);
  const writer = await openWriter(settings.databaseUrl);
  try {
    const { generation, log } = await openGeneration({
      writer,
      folder: sealed,
      owner: keys,
      witnesses: logWitnesses,
      read: readHeadsWith(tls),
      clock: options.clock,
      patienceMs: WITNESS_PATIENCE_MS,
    });
    const people = await knownPeople({
      ...settings,
      writer,
      clock: options.clock,
      onRefused: ({ reason }) => keyholderEvents(options.logger).emit('policy-refused', { reason }),
    }).catch(inOneLine);
    const schemes = new Schemes(parameterSet(settings.parameterSet));
    const epochs = { writer, sealed, keys, pin: opened.pin, schemes, threads: settings.threads, today: options.clock.today() };
    await openKeyEpochs(epochs).catch(inOneLine);
    return await makeApp({
      ...options,
      sealed,
      keys,
      schemes,
      writer,
      tls,
      people,
      ticketKeys,
      attesters,
      logWitnesses,
      generation,
      log,
    });
  } catch (error) {
    await writer.close();
    throw error instanceof PolicyRefused ? new StartError(error.message) : error;
  }
}

async function makeApp(parts: KeyholderParts): Promise<NestFastifyApplication> {
  const { logger, schemes, tls } = parts;
  let app: NestFastifyApplication | undefined;
  try {
    app = await createHttpApp(AppModule.register(parts), { logger, tls, requestTimeoutMs: 0, jsonLimit: JSON_LIMIT });
    const { document } = app.get(PolicyStore).live();
    await schemes.each((scheme) => checkScheme(scheme, document));
    return app;
  } catch (error) {
    await app?.close();
    await schemes.close();
    throw error;
  }
}

/** The fullest sum that the policy allows must come out right and with noise budget left, or nothing is served. */
export async function checkScheme(scheme: SecretScheme, policy: PolicyDocument): Promise<void> {
  const { set } = scheme;
  if (policy.parameterSet !== set.name)
    throw new StartError(`the policy is for parameter set ${policy.parameterSet}, the keys for ${set.name}`);
  const result = await scheme.selfTest(set.slots * 2 * policy.limits.maxPseudonyms * largestTotal(policy) ** 2);
  if (result !== 'passed') throw new StartError(`the self-test of the scheme failed: ${result}`);
}

async function openWriter(url: string): Promise<Writer> {
  const writer = new Writer(url);
  try {
    return await writer.open();
  } catch (error) {
    if (error instanceof SecondKeyholder) throw new StartError(error.message);
    throw error;
  }
}

const fromFile = <T>(file: string, open: (file: string) => T | Promise<T>): Promise<T> =>
  Promise.resolve(file).then(open).catch(inOneLine);

/** What is wrong with a file, without a stack. */
export function inOneLine(error: unknown): never {
  throw new StartError(error instanceof Error ? error.message : String(error));
}
