/**
 * A request body that cannot keep the next one waiting: a sender that is silent for too long, or whose connection broke, ends it like one
 * that sent too little. Time that the reader takes does not count.
 */
import type { Readable } from 'node:stream';
import { DecisionStreamRefused } from '#tallies';

/** @throws DecisionStreamRefused 'truncated' */
export async function* unlessIdle(body: Readable, idleMs: number): AsyncGenerator<Uint8Array, void, undefined> {
  const wait = () => setTimeout(() => body.destroy(new Error('idle')), idleMs);
  let timer = wait();
  try {
    for await (const chunk of body) {
      clearTimeout(timer);
      yield chunk as Uint8Array;
      timer = wait();
    }
  } catch {
    throw new DecisionStreamRefused('truncated');
  } finally {
    clearTimeout(timer);
  }
}
