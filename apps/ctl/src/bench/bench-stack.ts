/** The service as the benchmark runs it: embedded databases with durability, a temporary folder, a policy whose limits are out of the way. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import pg from 'pg';
import type { PolicyDocument } from '#contracts';
import { folders } from '../stack/app-specs.js';
import type { DatabaseName } from '../stack/migrate.js';
import { reasonIn } from '../stack/reason.js';
import { startStack } from '../stack/stack.js';
import type { Stack, StackOptions } from '../stack/stack.js';
import type { BenchContext } from './bench-context.js';

/** Hubs of every world; each is its own operator. */
export const hubs = 20;

/** What differs from the defaults besides the demo's short waits: limits that would bound the load, and f, C, T0 as for the scenario. */
export function benchPolicy(document: PolicyDocument): PolicyDocument {
  const limits = { ...document.limits, ticketsPerDay: 32, ticketsPerPeriod: 32, setsPerSecond: 2_000 };
  return { ...document, limits, negative: { f: 2, clip: 40, threshold: 60 } };
}

/** What a machine can do is measured, not what it is allowed. */
const noBudgets = {
  ...Object.fromEntries(
    ['MINTS_PER_MINUTE', 'RENEWALS_PER_MINUTE', 'ENROLMENTS_PER_MINUTE', 'SELECTORS_PER_EPOCH'].map((name) => [
      `KEYHOLDER_${name}`,
      String(Number.MAX_SAFE_INTEGER),
    ]),
  ),
  KEYHOLDER_BREAK_GLASS_PER_DAY: '1000',
};

/** As in production: not beside what is measured. */
const publishingSeldom = { NYMS_STATUS_PUBLISH_SECONDS: '21600' };

export interface BenchStack {
  readonly stack: Stack;
  /** Superuser's pool; the benchmark fills and looks, the service has its own roles. */
  pool(database: DatabaseName): pg.Pool;
  /** Aborted when the run is, or when a process ends that nobody asked to. */
  readonly signal: AbortSignal;
  stop(): Promise<void>;
}

export async function startBenchStack(
  { signal, say }: BenchContext,
  options: Pick<StackOptions, 'apps' | 'ceremony' | 'parameterSet' | 'policy' | 'schedule'> = {},
): Promise<BenchStack> {
  const failed = new AbortController();
  const stack = await startStack({
    policy: benchPolicy,
    schedule: 'off',
    ...options,
    hubs,
    ephemeral: false,
    logLevel: 'info',
    env: { keyholder: noBudgets, nyms: publishingSeldom },
    signal,
    onProgress: (step) => say(`starting ${step}`),
    onUnexpectedExit: (app) => failed.abort(new Error(`${app.spec.name} ended by itself (${reasonIn(app.output())})`)),
  });
  const pools = new Map<DatabaseName, pg.Pool>();
  return {
    stack,
    signal: AbortSignal.any([signal, failed.signal]),
    pool(database) {
      let pool = pools.get(database);
      if (!pool) {
        pool = new pg.Pool({ connectionString: stack.databases.superUrls[database], max: 4 });
        pool.on('error', () => undefined); // a query that is under way says it better
        pools.set(database, pool);
      }
      return pool;
    },
    async stop() {
      await Promise.all([...pools.values()].map((pool) => pool.end()));
      await stack.stop();
    },
  };
}

/** Runs `work` on a service of its own, which is gone afterwards, however it ends. */
export async function withBenchStack<T>(
  context: BenchContext,
  options: Parameters<typeof startBenchStack>[1],
  work: (stack: BenchStack) => Promise<T>,
): Promise<T> {
  const bench = await startBenchStack(context, options);
  try {
    return await work(bench);
  } catch (error) {
    // the reason why the work failed, when there is one
    throw bench.signal.aborted ? bench.signal.reason : error;
  } finally {
    await bench.stop();
  }
}

/** What ships in a client's configuration: the pin of the key holder's root key. */
export function rootFingerprint({ dataDir }: Stack): string {
  const pin = JSON.parse(readFileSync(path.join(folders(dataDir).config, 'keyholder-public.json'), 'utf8')) as {
    rootFingerprint: string;
  };
  return pin.rootFingerprint;
}
