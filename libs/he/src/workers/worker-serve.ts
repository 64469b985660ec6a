/** The worker's side of a pool: answers one request at a time and ends the thread on any exception. */
import { parentPort } from 'node:worker_threads';

/** Methods of a worker: one structured-clonable input, one structured-clonable result. */
export type WorkerMethods<M> = { [K in keyof M]: (input: never) => unknown };

export interface Answer<T> {
  readonly value: T;
  /** Buffers that move instead of being copied. */
  readonly transfer: ArrayBuffer[];
}

export interface Request {
  readonly id: number;
  readonly method: string;
  readonly input: unknown;
}

/** `ready` once, then one `value` per request; `broken` instead of a value is the last message of a thread. */
export type Reply = { readonly ready: string } | { readonly id: number; readonly value: unknown } | { readonly broken: string };

export type Handlers<M extends WorkerMethods<M>> = {
  [K in keyof M]: (input: Parameters<M[K]>[0]) => Answer<ReturnType<M[K]>>;
};

/** @param greeting sent once, when the worker can take requests. */
export function serve<M extends WorkerMethods<M>>(greeting: string, handlers: Handlers<M>): void {
  const port = parentPort;
  if (!port) throw new Error('not a worker thread');
  let broken = false;
  port.on('message', ({ id, method, input }: Request) => {
    if (broken) return;
    try {
      const { value, transfer } = handlers[method as keyof M](input as never);
      port.postMessage({ id, value } satisfies Reply, transfer);
    } catch (error) {
      broken = true;
      // SEAL throws WebAssembly.Exception; its text stays here, only the kind of error leaves.
      port.postMessage({ broken: error instanceof Error ? error.name : 'WebAssembly.Exception' } satisfies Reply);
      port.close();
    }
  });
  port.postMessage({ ready: greeting } satisfies Reply);
}
