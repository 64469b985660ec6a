/** Byte checks against what SEAL itself writes, and what mutated bytes get from both sides. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { byteChecks, openSession, parameterSets, type ByteFault, type EvaluationScheme } from '#he';
import createSeal from 'node-seal';
import type { SecretScheme } from '../../apps/keyholder/src/secret-key/index.js';
import { boundOf, foldAll, openPair, type Pair } from './pair.js';
import { flip, set, setCoefficient } from './surgery.js';

const seedHeaderAt = 113 + 8 * set.slots;
const bound = boundOf([5], 5);

let pair: Pair;
let secret: SecretScheme;
let scheme: EvaluationScheme;
let selector: Uint8Array;
let sum: Uint8Array;

beforeAll(async () => {
  pair = await openPair('n2048-q50-t20');
  ({ secret, scheme } = pair);
  selector = await secret.encryptSelector(77);
  sum = (await foldAll(scheme, [{ selector, terms: [{ hub: 0, weight: 5 }] }])).get(0) as Uint8Array;
});
afterAll(() => pair.close());

const withTail = (bytes: Uint8Array) => Uint8Array.from([...bytes, 0]);

const selectorMutations: [string, () => Uint8Array, ByteFault][] = [
  ['one byte short', () => selector.slice(0, -1), 'length'],
  ['trailing garbage', () => withTail(selector), 'length'],
  ['empty', () => new Uint8Array(), 'length'],
  ['a sum', () => sum, 'length'],
  ['zlib mode', () => flip(selector, 5, 1), 'compressed'],
  ['zstd mode', () => flip(selector, 5, 2), 'compressed'],
  ['zlib mode in the inner header', () => flip(selector, 89 + 5, 1), 'header'],
  ['another magic', () => flip(selector, 0), 'header'],
  ['another version', () => flip(selector, 3), 'header'],
  ['another size field', () => flip(selector, 8), 'header'],
  ['another parms id', () => flip(selector, 16), 'header'],
  ['NTT flag', () => flip(selector, 48), 'header'],
  ['three polynomials', () => flip(selector, 49), 'header'],
  ['another correction factor', () => flip(selector, 81), 'header'],
  ['another coefficient count', () => flip(selector, 105), 'header'],
  ['another seed header', () => flip(selector, seedHeaderAt + 8), 'header'],
  ['another seed type', () => flip(selector, seedHeaderAt + 16, 3), 'header'],
  ['a coefficient of q', () => setCoefficient(selector, 0, 3, set.coeffModulus), 'coefficient'],
];

const sumMutations: [string, () => Uint8Array, ByteFault][] = [
  ['one byte short', () => sum.slice(0, -1), 'length'],
  ['trailing garbage', () => withTail(sum), 'length'],
  ['a selector', () => selector, 'length'],
  ['zlib mode', () => flip(sum, 5, 1), 'compressed'],
  ['NTT flag', () => flip(sum, 48), 'header'],
  ['another parms id', () => flip(sum, 47), 'header'],
  ['a coefficient of q in c0', () => setCoefficient(sum, 0, 0, set.coeffModulus), 'coefficient'],
  ['a coefficient of 2^63 in c1', () => setCoefficient(sum, 1, 2047, 1n << 63n), 'coefficient'],
  ['c1 = 0', () => Uint8Array.from(sum).fill(0, 113 + 8 * set.slots), 'transparent'],
];

describe('bytes of a selector', () => {
  it.each(selectorMutations)('with %s are refused by both sides', async (_, mutate, code) => {
    const bytes = mutate();
    expect(() => scheme.checkSelector(bytes)).toThrow(expect.objectContaining({ name: 'CiphertextRefused', code }));
    await expect(secret.openSelector(bytes)).rejects.toMatchObject({ name: 'SelectorRefused' });
    expect(await secret.openSelectors([selector, bytes])).toEqual([77, undefined]);
  });

  it('that are refused leave the fold as it was', async () => {
    const fold = await scheme.openFold();
    const terms = [[{ hub: 0, weight: 5 }], [{ hub: 0, weight: 1 }]];
    const refused = fold.add({ selectors: Buffer.concat([selector, flip(selector, 48)]), terms });
    await expect(refused).rejects.toMatchObject({ name: 'CiphertextRefused', code: 'header', at: 1 });
    await fold.add({ selectors: selector.slice(), terms: [[{ hub: 0, weight: 5 }]] });
    expect(Buffer.compare((await fold.finish()).get(0) as Uint8Array, sum)).toBe(0);
  });

  it('of one slot differ every time', async () => {
    const many = await secret.encryptSelectors(new Array<number>(50).fill(3));
    expect(new Set(many.map((bytes) => Buffer.from(bytes.slice(-64)).toString('hex'))).size).toBe(50);
    expect(await secret.openSelectors(many)).toEqual(new Array(50).fill(3));
  });
});

describe('bytes of a sum', () => {
  it('pass as they are', async () => {
    scheme.checkCiphertext(sum);
    expect((await secret.openTally(sum.slice(), bound))[77]).toBe(5);
  });

  it.each(sumMutations)('with %s are refused by both sides', async (_, mutate, code) => {
    expect(() => scheme.checkCiphertext(mutate())).toThrow(expect.objectContaining({ name: 'CiphertextRefused', code }));
    await expect(secret.openTally(mutate(), bound)).rejects.toMatchObject({ name: 'TallyRefused', reason: 'bytes' });
  });

  it.each(['n4096-q60-t20', 'n8192-q60-t20', 'plain-n2048'] as const)('of %s are refused', async (other) => {
    const strangers = await openPair(other);
    const foreign = await strangers.secret.encryptSelector(1);
    const foreignSum = (await foldAll(strangers.scheme, [{ selector: foreign, terms: [{ hub: 0, weight: 5 }] }])).get(
      0,
    ) as Uint8Array;
    await strangers.close();
    expect(() => scheme.checkSelector(foreign)).toThrow(expect.objectContaining({ code: 'length' }));
    await expect(secret.openSelector(foreign)).rejects.toMatchObject({ name: 'SelectorRefused' });
    await expect(secret.openTally(foreignSum.slice(), bound)).rejects.toMatchObject({ reason: 'bytes' });
  });
});

describe('ciphertexts of another key', () => {
  it('pass the byte checks and are refused when opened', async () => {
    const stranger = await openPair('n2048-q50-t20');
    const foreign = await stranger.secret.encryptSelector(77);
    const foreignSum = (await foldAll(stranger.scheme, [{ selector: foreign, terms: [{ hub: 0, weight: 5 }] }])).get(
      0,
    ) as Uint8Array;
    await stranger.close();
    scheme.checkSelector(foreign);
    scheme.checkCiphertext(foreignSum);
    await expect(secret.openSelector(foreign)).rejects.toMatchObject({ name: 'SelectorRefused' });
    await expect(secret.openTally(foreignSum.slice(), bound)).rejects.toMatchObject({ reason: 'noise' });
  });
});

describe.each(Object.values(parameterSets).filter((each) => each.kind === 'bfv'))('template of $name', (bfv) => {
  it('is what this SEAL writes', async () => {
    const { seal, context, encoder, evaluator, read, save } = await openSession(createSeal, bfv);
    const keys = new seal.KeyGenerator(context);
    const encryptor = new seal.Encryptor(context, keys.createPublicKey(), keys.secretKey());
    const plaintext = new seal.Plaintext();
    encoder.encode(new BigUint64Array(bfv.slots).fill(1n), plaintext);
    const seeded = encryptor.encryptSymmetricSerializable(plaintext).saveToArray(seal.ComprModeType.none) as Uint8Array;
    const loaded = new seal.Ciphertext();
    read(seeded, loaded);
    evaluator.addInplace(loaded, loaded);
    const { selectorFault, sumFault } = byteChecks(bfv);
    expect([seeded.length, selectorFault(seeded)]).toEqual([bfv.selectorBytes, undefined]);
    expect([save(loaded).length, sumFault(save(loaded))]).toEqual([bfv.ciphertextBytes, undefined]);
  });
});
