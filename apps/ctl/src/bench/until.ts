/** Waits until something holds, by looking again and again. Throws when it takes too long or the run ends, naming what it waited for. */
import { setTimeout as sleep } from 'node:timers/promises';

export interface Wait {
  readonly signal: AbortSignal;
  readonly seconds: number;
  readonly everyMs?: number;
}

/** @returns what `look` gave when it was neither undefined nor false. */
export async function until<T>(
  what: string,
  { signal, seconds, everyMs = 50 }: Wait,
  look: () => Promise<T | undefined | false> | T | undefined | false,
): Promise<T> {
  for (const end = performance.now() + seconds * 1_000; performance.now() < end;) {
    signal.throwIfAborted();
    const found = await look();
    if (found !== undefined && found !== false) return found;
    await sleep(everyMs, undefined, { signal });
  }
  throw new Error(`waited ${seconds} s for ${what}`);
}
