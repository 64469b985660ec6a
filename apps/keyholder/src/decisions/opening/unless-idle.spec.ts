import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { PassThrough, Readable } from 'node:stream';
import { unlessIdle } from './unless-idle.js';

const idleMs = 60_000;
const truncated = expect.objectContaining({ name: 'DecisionStreamRefused', code: 'truncated' });

async function read(body: Readable, busyMs = 0): Promise<number> {
  let bytes = 0;
  for await (const chunk of unlessIdle(body, idleMs)) {
    bytes += chunk.length;
    jest.advanceTimersByTime(busyMs);
  }
  return bytes;
}

describe('the body of a decision', () => {
  beforeAll(() => void jest.useFakeTimers({ doNotFake: ['nextTick', 'setImmediate', 'queueMicrotask'] }));
  afterAll(() => void jest.useRealTimers());

  it('is handed on as it comes', async () => {
    expect(await read(Readable.from([Buffer.alloc(3), Buffer.alloc(4)]))).toBe(7);
  });

  it('ends when the sender falls silent', async () => {
    const silent = new PassThrough();
    silent.write('half');
    const ended = expect(read(silent)).rejects.toEqual(truncated);
    await new Promise(setImmediate);
    jest.advanceTimersByTime(idleMs - 1);
    expect(silent.destroyed).toBe(false);
    jest.advanceTimersByTime(1);
    await ended;
    expect(silent.destroyed).toBe(true);
  });

  it('ends when the connection breaks', async () => {
    const broken = new PassThrough();
    broken.write('half');
    setImmediate(() => broken.destroy(new Error('ECONNRESET')));
    await expect(read(broken)).rejects.toEqual(truncated);
  });

  it('does not end while the reader is busy', async () => {
    expect(await read(Readable.from([Buffer.alloc(1), Buffer.alloc(1)]), 2 * idleMs)).toBe(2);
  });
});
