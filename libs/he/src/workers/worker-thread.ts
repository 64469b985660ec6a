/** One worker thread seen from outside: requests out, answers in, and one moment from which it is lost for good. */
import { Worker } from 'node:worker_threads';
import { WorkerLost } from '../errors.js';
import type { WorkerEntry } from './worker-entry.js';
import type { Reply, Request } from './worker-serve.js';

interface Waiting {
  resolve(value: unknown): void;
  reject(error: Error): void;
}

/** What a worker handles lies in wasm memory and moved buffers; its own objects are few. */
const maxYoungGenerationSizeMb = 4;

export class WorkerThread {
  readonly #worker: Worker;
  readonly #waiting = new Map<number, Waiting>();
  readonly #greeting: Waiting;
  /** Resolves with the greeting when the worker can take requests. */
  readonly ready: Promise<string>;
  /** Resolves when the thread has exited. */
  readonly exited: Promise<void>;
  #end: Error | undefined;
  #nextId = 0;

  /** @param onLost called once when the thread goes without being told to. */
  constructor(entry: WorkerEntry, workerData: unknown, onLost: () => void) {
    let greeting!: Waiting;
    this.ready = new Promise((resolve, reject) => (greeting = { resolve: resolve as Waiting['resolve'], reject }));
    this.ready.catch(() => undefined);
    this.#greeting = greeting;
    this.#worker = new Worker(entry.url, { execArgv: entry.execArgv, workerData, resourceLimits: { maxYoungGenerationSizeMb } });
    const lose = (reason: string, cause?: unknown) => {
      if (this.#end) return;
      this.#endWith(new WorkerLost(reason, cause));
      void this.#worker.terminate();
      onLost();
    };
    this.#worker.on('message', (reply: Reply) => {
      if ('ready' in reply) this.#greeting.resolve(reply.ready);
      else if ('broken' in reply) lose(reply.broken);
      else this.#settle(reply.id, (waiting) => waiting.resolve(reply.value));
    });
    this.#worker.on('messageerror', () => lose('messageerror'));
    // Only what is thrown outside a request, so while starting up: a missing file, a parameter set that SEAL reads differently.
    this.#worker.on('error', (error) => lose('error', error));
    this.exited = new Promise((resolve) => {
      this.#worker.on('exit', () => {
        lose('exit');
        resolve();
      });
    });
  }

  get lost(): boolean {
    return this.#end !== undefined;
  }

  /** @throws the error the thread ended with, when it is gone or goes before it answers. */
  call(method: string, input: unknown, transfer: ArrayBuffer[]): Promise<unknown> {
    if (this.#end) return Promise.reject(this.#end);
    const request: Request = { id: this.#nextId++, method, input };
    return new Promise((resolve, reject) => {
      this.#waiting.set(request.id, { resolve, reject });
      this.#worker.postMessage(request, transfer);
    });
  }

  /** Stops the thread; what still waits, and every later call, rejects with `reason`. */
  async end(reason: Error): Promise<void> {
    this.#endWith(reason);
    await this.#worker.terminate();
  }

  #endWith(error: Error): void {
    this.#end ??= error;
    this.#greeting.reject(this.#end);
    for (const id of [...this.#waiting.keys()]) this.#settle(id, (waiting) => waiting.reject(this.#end as Error));
  }

  #settle(id: number, act: (waiting: Waiting) => void): void {
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    if (waiting) act(waiting);
  }
}
