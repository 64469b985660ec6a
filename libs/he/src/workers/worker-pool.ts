/**
 * A fixed number of worker threads, each with its own SEAL instance. A thread is thrown away after any exception in it, and after
 * `operationsPerWorker` operations (then only once nobody leases it), and a fresh one takes its place: wasm memory never shrinks and an
 * instance that threw is not to be trusted (protocol.md §1). Knows nothing of what the workers compute.
 */
import { SchemeClosed } from '../errors.js';
import type { WorkerEntry } from './worker-entry.js';
import type { WorkerMethods } from './worker-serve.js';
import { WorkerThread } from './worker-thread.js';

export interface WorkerPoolOptions {
  readonly entry: WorkerEntry;
  readonly threads: number;
  readonly operationsPerWorker: number;
  /** Asked for each thread anew. */
  readonly workerData: () => unknown;
}

/** Calls that must stay on one worker. Lost with it: every later call rejects, take a new lease. */
export interface Lease<M extends WorkerMethods<M>> {
  call<K extends keyof M & string>(method: K, input: Parameters<M[K]>[0], wear?: Wear): Promise<ReturnType<M[K]>>;
  release(): void;
}

export interface Wear {
  /** How much the call wears the worker; 1 unless told. */
  readonly operations?: number;
  /** Buffers that move instead of being copied. */
  readonly transfer?: ArrayBuffer[];
}

interface Seat {
  readonly thread: WorkerThread;
  leases: number;
  operations: number;
  greeted: boolean;
}

export class WorkerPool<M extends WorkerMethods<M>> {
  readonly #options: WorkerPoolOptions;
  readonly #seats: Seat[];
  /** Every thread that still runs, those that wait for their last lease included. */
  readonly #running = new Set<WorkerThread>();
  #closed = false;
  /** Threads started so far: tests see recycling by it. */
  started = 0;

  private constructor(options: WorkerPoolOptions) {
    this.#options = options;
    this.#seats = Array.from({ length: options.threads }, (_, index) => this.#seat(index));
  }

  /** Starts all threads. @returns the pool and what its first worker greeted with. @throws WorkerLost when one cannot start. */
  static async open<M extends WorkerMethods<M>>(options: WorkerPoolOptions): Promise<{ pool: WorkerPool<M>; greeting: string }> {
    const pool = new WorkerPool<M>(options);
    try {
      const [greeting = ''] = await Promise.all(pool.#seats.map((seat) => seat.thread.ready));
      return { pool, greeting };
    } catch (error) {
      await pool.close();
      throw error;
    }
  }

  /** Takes the least used worker. Many leases may share one. */
  async lease(): Promise<Lease<M>> {
    if (this.#closed) throw new SchemeClosed();
    const index = this.#leastUsed();
    if (this.#seats[index]?.thread.lost) this.#seats[index] = this.#seat(index);
    const seat = this.#seats[index] as Seat;
    seat.leases++;
    let released = false;
    const release = () => {
      if (!released) this.#release(index, seat);
      released = true;
    };
    await seat.thread.ready.catch((error: unknown) => {
      release();
      throw error;
    });
    return {
      call: (method, input, { operations = 1, transfer = [] } = {}) => {
        seat.operations += operations;
        return seat.thread.call(method, input, transfer) as Promise<never>;
      },
      release,
    };
  }

  async close(): Promise<void> {
    this.#closed = true;
    await Promise.all([...this.#running].map((thread) => thread.end(new SchemeClosed())));
  }

  #leastUsed(): number {
    let best = 0;
    this.#seats.forEach((seat, index) => {
      if (seat.leases < (this.#seats[best] as Seat).leases) best = index;
    });
    return best;
  }

  #seat(index: number): Seat {
    const thread = new WorkerThread(this.#options.entry, this.#options.workerData(), () => this.#replaceLost(index, seat));
    const seat: Seat = { thread, leases: 0, operations: 0, greeted: false };
    this.#running.add(thread);
    this.started++;
    thread.ready.then(
      () => (seat.greeted = true),
      () => undefined,
    );
    void thread.exited.then(() => this.#running.delete(thread));
    return seat;
  }

  /** A worker that never came up is tried again by the next lease only, so that a broken installation does not spin. */
  #replaceLost(index: number, seat: Seat): void {
    if (seat.greeted && !this.#closed && this.#seats[index] === seat) this.#seats[index] = this.#seat(index);
  }

  #release(index: number, seat: Seat): void {
    seat.leases--;
    if (this.#closed || seat.thread.lost) return;
    const worn = seat.operations >= this.#options.operationsPerWorker;
    if (worn && this.#seats[index] === seat) this.#seats[index] = this.#seat(index);
    if (this.#seats[index] !== seat && seat.leases === 0) void seat.thread.end(new SchemeClosed());
  }
}
