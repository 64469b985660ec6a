/** The wasm heap never shrinks, so it must not grow either once warm. Growth is counted where it happens, at `WebAssembly.Memory.grow`. */
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { openSession, packTerms, SealFold, type SealSession } from '#he';
import createSeal, { type Ciphertext } from 'node-seal';
import { generateKey, SealSecret } from '../../apps/keyholder/src/secret-key/seal-secret.js';
import { set } from './surgery.js';

const cycles = 3000;
let session: SealSession;
let secret: SealSecret;
let grow: ReturnType<typeof spyOnGrow>;

const spyOnGrow = () => jest.spyOn(WebAssembly.Memory.prototype, 'grow');

beforeEach(async () => {
  grow = spyOnGrow();
  session = await openSession(createSeal, set);
  secret = new SealSecret(session, generateKey(session), set.freshBudgetBits);
});
afterEach(() => grow.mockRestore());

/** Growths over the cycles after a warm-up. */
function growths(cycle: (i: number) => void): number {
  for (let i = 0; i < 20; i++) cycle(i);
  grow.mockClear();
  for (let i = 0; i < cycles; i++) cycle(i);
  return grow.mock.calls.length;
}

describe('wasm heap', () => {
  it('does grow, as this test counts it, when handles are not freed', () => {
    const selector = secret.encrypt(1);
    const leaked: Ciphertext[] = [];
    const count = growths(() => {
      const ciphertext = new session.seal.Ciphertext();
      session.read(selector, ciphertext);
      leaked.push(ciphertext);
    });
    expect(count).toBeGreaterThan(0);
  });

  it('does not grow over thousands of folds', () => {
    const selector = secret.encrypt(1);
    const terms = packTerms(set, {
      selectors: selector,
      terms: [
        [
          { hub: 0, weight: 3 },
          { hub: 1, weight: 1 },
        ],
      ],
    });
    const count = growths(() => {
      const fold = new SealFold(session, 16);
      fold.add(selector, terms);
      fold.add(selector, terms);
      fold.finish();
      fold.free();
    });
    expect(count).toBe(0);
  });

  it('does not grow over thousands of encryptions, openings and refusals', () => {
    const fold = new SealFold(session, 1);
    fold.add(secret.encrypt(5), Uint32Array.of(0, 0, 1));
    const sum = fold.finish().get(0) as Uint8Array;
    const bound = { weightSum: 1, squareSum: 1, maxSlot: 1 };
    const count = growths((i) => {
      const selector = secret.encrypt(i % 2048);
      secret.slotOf(selector);
      secret.openSum(sum, { ...bound, weightSum: 1 + (i % 2) });
    });
    expect(count).toBe(0);
  });
});
