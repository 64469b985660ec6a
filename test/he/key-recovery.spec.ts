/**
 * Two-query key recovery (protocol.md §5): crafted from one honest sum, each query would tell for every coefficient of the BFV secret
 * whether it is 1 (or −1). The test first shows with the bare key that the queries work, then that `openTally` refuses them.
 */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openSession, type SealSession } from '#he';
import createSeal, { type Decryptor } from 'node-seal';
import { readSecret } from '../../apps/keyholder/src/secret-key/secret-frame.js';
import type { TallyBound } from '../../apps/keyholder/src/secret-key/index.js';
import { boundOf, foldAll, openPair, type Pair } from './pair.js';
import { addTo, addToAllOfC0, delta, set } from './surgery.js';

const totals = [6, 5, 8, 3, 8, 4, 7, 2];
const bound: TallyBound = boundOf(totals, 8);

let pair: Pair;
let session: SealSession;
let bareKey: Decryptor;
let sum: Uint8Array;

beforeAll(async () => {
  pair = await openPair('n2048-q50-t20');
  const selectors = await pair.secret.encryptSelectors(totals.map((_, i) => i * 100));
  const entries = selectors.map((selector, i) => ({ selector, terms: [{ hub: 0, weight: totals[i] as number }] }));
  sum = (await foldAll(pair.scheme, entries)).get(0) as Uint8Array;
  session = await openSession(createSeal, set);
  const key = new session.seal.SecretKey();
  key.loadFromArray(session.context, readSecret(pair.secret.exportSecret(), set.name).key.slice());
  bareKey = new session.seal.Decryptor(session.context, key);
});
afterAll(() => pair.close());

function decrypt(bytes: Uint8Array): { slots: number[]; coefficients: bigint[]; budget: number } {
  const ciphertext = new session.seal.Ciphertext();
  session.read(bytes, ciphertext);
  const plaintext = new session.seal.Plaintext();
  bareKey.decrypt(ciphertext, plaintext);
  const saved: Uint8Array = plaintext.saveToArray(session.seal.ComprModeType.none);
  const words = new BigUint64Array(saved.slice(-8 * plaintext.coeffCount()).buffer);
  return {
    slots: Array.from(session.encoder.decodeBigUint64(plaintext) as BigUint64Array, Number),
    coefficients: Array.from({ length: set.slots }, (_, i) => words[i] ?? 0n),
    budget: bareKey.invariantNoiseBudget(ciphertext),
  };
}

/** Coefficients of the plaintext that a query moved: the secret's coefficients of one sign. */
const moved = (crafted: Uint8Array) => {
  const [before, after] = [decrypt(sum).coefficients, decrypt(crafted).coefficients];
  return before.flatMap((value, i) => (after[i] === value ? [] : [i]));
};

// c0 three eighths of Δ from the rounding boundary, ± a quarter of Δ for each non-zero coefficient of the secret.
const boundary = (3n * delta) / 8n;
const findsOnes = () => addToAllOfC0(addTo(sum, 1, 0, delta / 4n), boundary);
const findsMinusOnes = () => addToAllOfC0(addTo(sum, 1, 0, set.coeffModulus - delta / 4n), boundary);

const refused = (reason: string) => expect.objectContaining({ name: 'TallyRefused', reason });
const open = (bytes: Uint8Array) => pair.secret.openTally(bytes.slice(), bound);

describe('key recovery by crafted sums', () => {
  it('would work: two queries split the ternary secret into its thirds', () => {
    const [ones, minusOnes] = [moved(findsOnes()), moved(findsMinusOnes())];
    for (const third of [ones, minusOnes]) {
      expect(third.length).toBeGreaterThan(set.slots / 4);
      expect(third.length).toBeLessThan(set.slots / 2.4);
    }
    expect(ones.filter((i) => minusOnes.includes(i))).toEqual([]);
  });

  it('takes the honest sum', async () => {
    expect([...(await open(sum))].filter((value) => value > 0).sort()).toEqual([...totals].sort());
  });

  it('refuses both queries', async () => {
    await expect(open(findsOnes())).rejects.toEqual(refused('noise'));
    await expect(open(findsMinusOnes())).rejects.toEqual(refused('noise'));
  });

  it('refuses c1 + Δ, which keeps most of the noise budget', async () => {
    const crafted = addTo(sum, 1, 0, delta);
    expect(decrypt(crafted).slots).not.toEqual(decrypt(sum).slots);
    expect(decrypt(crafted).budget).toBeGreaterThan(15);
    await expect(open(crafted)).rejects.toMatchObject({ name: 'TallyRefused' });
  });

  it('refuses c1 + Δ/4096, which opens to the right sum and slots', async () => {
    const crafted = addTo(sum, 1, 0, delta / 4096n);
    expect(decrypt(crafted).slots).toEqual(decrypt(sum).slots);
    expect(decrypt(crafted).budget).toBeGreaterThanOrEqual(10);
    await expect(open(crafted)).rejects.toEqual(refused('noise'));
  });

  it('refuses c1 + Δ/2^k for every k down to the noise that the sum has anyway', async () => {
    for (let k = 1n; k <= 19n; k += 1n) await expect(open(addTo(sum, 1, 0, delta >> k))).rejects.toEqual(refused('noise'));
  });

  it('refuses a sum that is right but for one slot', async () => {
    await expect(pair.secret.openTally(sum.slice(), { ...bound, weightSum: BigInt(bound.weightSum) + 1n })).rejects.toEqual(
      refused('weight-sum'),
    );
    await expect(pair.secret.openTally(sum.slice(), { ...bound, maxSlot: 7 })).rejects.toEqual(refused('slot-maximum'));
  });

  it('says nothing but that it refused', async () => {
    const error = await open(findsOnes()).catch((caught: unknown) => caught);
    expect(error).toMatchObject({ message: 'tally refused' });
    expect((error as Error).cause).toBeUndefined();
  });
});
