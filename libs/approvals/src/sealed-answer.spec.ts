import { describe, expect, it } from '@jest/globals';
import { fromBase64Url, toBase64Url } from '#contracts';
import { generateSealKey, openAnswer, sealAnswer, sealKeyFrom } from './sealed-answer.js';

const aad = new Uint8Array(32).fill(7);

describe('a sealed answer', () => {
  it('opens with the key of the person it is for, and with no other', async () => {
    const [mine, other] = [await generateSealKey(), await generateSealKey()];
    const sealed = await sealAnswer(mine.publicKey, aad, { output: 'count', count: 3 });
    expect(await openAnswer(mine.privateKey, aad, sealed)).toEqual({ output: 'count', count: 3 });
    expect(await openAnswer(other.privateKey, aad, sealed)).toBeUndefined();
    expect(await openAnswer(mine.privateKey, new Uint8Array(32), sealed)).toBeUndefined();
  });

  it('has one size, whatever it holds', async () => {
    const { publicKey } = await generateSealKey();
    const sealed = await Promise.all(
      ['', 'x'.repeat(1_000), { output: 'nothing' }].map((value) => sealAnswer(publicKey, aad, value)),
    );
    expect(new Set(sealed.map(({ length }) => length)).size).toBe(1);
    await expect(sealAnswer(publicKey, aad, 'x'.repeat(2_000))).rejects.toThrow('too long');
  });

  it('does not open when a bit is changed, cut off or added', async () => {
    const { publicKey, privateKey } = await generateSealKey();
    const bytes = fromBase64Url(await sealAnswer(publicKey, aad, 'account'));
    for (const at of [0, 31, 32, 40, bytes.length - 1]) {
      const altered = Uint8Array.from(bytes);
      altered[at]! ^= 1;
      expect(await openAnswer(privateKey, aad, toBase64Url(altered))).toBeUndefined();
    }
    for (const other of [bytes.subarray(0, 20), bytes.subarray(1), new Uint8Array([...bytes, 0])]) {
      expect(await openAnswer(privateKey, aad, toBase64Url(other))).toBeUndefined();
    }
    expect(await openAnswer(privateKey, aad, '!')).toBeUndefined();
  });

  it('is for the public key that belongs to the private one', async () => {
    const made = await generateSealKey();
    expect(await sealKeyFrom(made.privateKey)).toEqual(made);
  });
});
