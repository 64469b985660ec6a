import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { throwError, lastValueFrom, of } from 'rxjs';
import type { CallHandler, ExecutionContext } from '@nestjs/common';
import { fromBase64Url, Problem } from '#contracts';
import { openReason } from '#tickets';
import { BAND_MS, RefusalInterceptor, untilBandEnds } from './refusal.interceptor.js';
import { refused, refusedBecause } from './refusal.js';

const reasonKey = new Uint8Array(32).fill(1);

describe('refusals', () => {
  it('tell the reason to whoever has the key, and are 48 bytes for everybody else', async () => {
    const problems = [
      await refusedBecause('standing', reasonKey),
      await refusedBecause(undefined, reasonKey),
      await refusedBecause('spent', undefined),
      refused(),
    ];
    const sealed = problems.map(({ extensions }) => fromBase64Url(extensions.sealedReason!));
    expect(sealed.map(({ length }) => length)).toEqual([48, 48, 48, 48]);
    expect(await Promise.all(sealed.map((bytes) => openReason(reasonKey, bytes)))).toEqual([
      'standing',
      undefined,
      undefined,
      undefined,
    ]);
    expect(problems.every(({ code }) => code === 'answer-refused')).toBe(true);
  });
});

describe('the interceptor of refusals', () => {
  beforeEach(() => void jest.useFakeTimers());
  afterEach(() => void jest.useRealTimers());
  const run = (next: CallHandler) => lastValueFrom(new RefusalInterceptor().intercept({} as ExecutionContext, next));

  it('waits until the end of a band, whenever the refusal came', () => {
    expect([0, 1, BAND_MS - 1, BAND_MS, BAND_MS + 1].map(untilBandEnds)).toEqual([BAND_MS, BAND_MS - 1, 1, BAND_MS, BAND_MS - 1]);
  });

  it('gives every refusal a sealed reason, and drops whatever else it said', async () => {
    const plain = run({ handle: () => throwError(() => new Problem('answer-refused', { detail: 'too much' })) });
    const outcome = expect(plain).rejects.toMatchObject({
      code: 'answer-refused',
      extensions: { sealedReason: expect.any(String) },
    });
    const keys = plain.catch((error: Problem) => Object.keys(error.extensions));
    await jest.advanceTimersByTimeAsync(BAND_MS);
    await outcome;
    expect(await keys).toEqual(['sealedReason']);
  });

  it('lets answers and other problems pass at once', async () => {
    expect(await run({ handle: () => of('answer') })).toBe('answer');
    await expect(run({ handle: () => throwError(() => new Problem('not-found')) })).rejects.toMatchObject({ code: 'not-found' });
  });
});
