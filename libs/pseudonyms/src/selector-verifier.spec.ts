import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { generateSigningKey } from '#platform';
import type { SelectorId } from '#contracts';
import { checkSelector, selectorFault } from './selector-verifier.js';
import type { PinnedKeyHolder } from './selector-verifier.js';
import { selectorMessage } from './selector.js';
import type { Selector } from './selector.js';

const key = generateSigningKey();
const pinned: PinnedKeyHolder = {
  keyHolderId: 'kh-1',
  parameterSet: 'plain-n2048',
  selectorKeyOf: (keyEpoch) => (keyEpoch <= 2 ? key.publicKey : undefined),
  selectorBytes: 16,
};

function signed(over: Partial<Selector> = {}): Selector {
  const fields = {
    selectorId: new Uint8Array(16).fill(1) as SelectorId,
    keyEpoch: 1,
    cohort: 2,
    period: 3,
    expiryDay: 4,
    subject: new Uint8Array(32).fill(5),
    bytes: new Uint8Array(16).fill(6),
    ...over,
  };
  return { ...fields, signature: key.sign(selectorMessage(pinned, fields)) };
}

describe('selectorFault', () => {
  it('takes what the pinned key holder signed', () => {
    expect(selectorFault(pinned, signed())).toBeUndefined();
  });

  it.each<[string, Partial<Selector>]>([
    ['selector id', { selectorId: new Uint8Array(16).fill(9) as SelectorId }],
    ['key epoch', { keyEpoch: 2 }],
    ['key epoch, one that nobody knows', { keyEpoch: 9 }],
    ['cohort', { cohort: 9 }],
    ['period', { period: 9 }],
    ['expiry', { expiryDay: 9 }],
    ['subject', { subject: new Uint8Array(32).fill(9) }],
    ['ciphertext', { bytes: new Uint8Array(16).fill(9) }],
    ['signature', { signature: new Uint8Array(64) }],
    ['short signature', { signature: new Uint8Array(63) }],
  ])('refuses another %s', (_, change) => {
    expect(selectorFault(pinned, { ...signed(), ...change })).toBe('signature');
  });

  it('refuses two fields that change places', () => {
    const selector = signed({ cohort: 7, period: 8 });
    expect(selectorFault(pinned, { ...selector, cohort: 8, period: 7 })).toBe('signature');
  });

  it('refuses another key holder, parameter set and key', () => {
    const selector = signed();
    expect(selectorFault({ ...pinned, keyHolderId: 'kh-2' }, selector)).toBe('signature');
    expect(selectorFault({ ...pinned, parameterSet: 'n2048-q50-t20' }, selector)).toBe('signature');
    expect(selectorFault({ ...pinned, selectorKeyOf: () => generateSigningKey().publicKey }, selector)).toBe('signature');
  });

  it('refuses another length before it hashes', () => {
    expect(selectorFault(pinned, signed({ bytes: new Uint8Array(17) }))).toBe('length');
  });

  it('refuses any flipped bit of the signature', () => {
    const selector = signed();
    fc.assert(
      fc.property(fc.nat(64 * 8 - 1), (bit) => {
        const signature = Uint8Array.from(selector.signature);
        signature[bit >> 3]! ^= 1 << (bit & 7);
        expect(selectorFault(pinned, { ...selector, signature })).toBe('signature');
      }),
      { numRuns: 30 },
    );
  });

  it('names the place of a refused selector', () => {
    expect(() => checkSelector(pinned, { ...signed(), cohort: 9 }, 3)).toThrow('selector 3 refused: signature');
    expect(() => checkSelector(pinned, signed(), 3)).not.toThrow();
  });
});
