/** The encrypted twin of the secret side: a pool of SEAL workers that hold the key. Keeps the unsealed frame, to start workers anew. */
import { WorkerPool, type BfvSet, type Lease, type WorkerPoolOptions } from '#he';
import { SelectorRefused, TallyRefused } from './refusals.js';
import type { SecretMethods } from './secret-methods.js';
import type { SecretScheme, SelfTestResult, TallyBound } from './secret-scheme.js';

/** Selectors per request: long batches spread over the workers and let single requests in between. */
const chunk = 64;

export class BfvSecretScheme implements SecretScheme {
  readonly set: BfvSet;
  readonly #pool: WorkerPool<SecretMethods>;
  readonly #frame: Uint8Array;

  private constructor(set: BfvSet, pool: WorkerPool<SecretMethods>, frame: Uint8Array) {
    this.set = set;
    this.#pool = pool;
    this.#frame = frame;
  }

  /** @param frame is kept, and overwritten at `close`. */
  static async open(set: BfvSet, frame: Uint8Array, options: Omit<WorkerPoolOptions, 'workerData'>): Promise<BfvSecretScheme> {
    const { pool } = await WorkerPool.open<SecretMethods>({
      ...options,
      workerData: () => ({ setName: set.name, secret: frame }),
    });
    return new BfvSecretScheme(set, pool, frame);
  }

  async encryptSelector(slot: number): Promise<Uint8Array> {
    const [selector] = await this.encryptSelectors([slot]);
    return selector as Uint8Array;
  }

  async encryptSelectors(slots: readonly number[]): Promise<Uint8Array[]> {
    for (const slot of slots)
      if (!Number.isInteger(slot) || slot < 0 || slot >= this.set.slots) throw new RangeError('slot out of range');
    const { selectorBytes } = this.set;
    const made = chunks(slots).map((part) =>
      this.#lease(async (lease) => {
        const all = await lease.call('encrypt', Uint32Array.from(part), { operations: part.length });
        return part.map((_, i) => all.slice(i * selectorBytes, (i + 1) * selectorBytes));
      }),
    );
    return (await Promise.all(made)).flat();
  }

  async openSelector(bytes: Uint8Array): Promise<number> {
    const [slot] = await this.openSelectors([bytes]);
    if (slot === undefined) throw new SelectorRefused();
    return slot;
  }

  async openSelectors(selectors: readonly Uint8Array[]): Promise<Array<number | undefined>> {
    const opened = chunks(selectors).map((part) =>
      this.#lease(async (lease) => {
        const copies = part.map((bytes) => new Uint8Array(bytes));
        const wear = { operations: part.length, transfer: copies.map((bytes) => bytes.buffer) };
        return Array.from(await lease.call('open', copies, wear), (slot) => (slot < 0 ? undefined : slot));
      }),
    );
    return (await Promise.all(opened)).flat();
  }

  async openTally(bytes: Uint8Array, bound: TallyBound): Promise<Uint32Array> {
    const own = bytes.length === bytes.buffer.byteLength ? (bytes as Uint8Array<ArrayBuffer>) : bytes.slice();
    const opened = await this.#lease((lease) => lease.call('openSum', { bytes: own, bound }, { transfer: [own.buffer] }));
    if (typeof opened === 'string') throw new TallyRefused(opened);
    return opened;
  }

  selfTest(squareSum: number): Promise<SelfTestResult> {
    return this.#lease((lease) => lease.call('selfTest', squareSum));
  }

  exportSecret(): Uint8Array {
    return this.#frame.slice();
  }

  async close(): Promise<void> {
    await this.#pool.close();
    this.#frame.fill(0);
  }

  async #lease<T>(use: (lease: Lease<SecretMethods>) => Promise<T>): Promise<T> {
    const lease = await this.#pool.lease();
    try {
      return await use(lease);
    } finally {
      lease.release();
    }
  }
}

function chunks<T>(items: readonly T[]): T[][] {
  return Array.from({ length: Math.ceil(items.length / chunk) }, (_, i) => items.slice(i * chunk, (i + 1) * chunk));
}
