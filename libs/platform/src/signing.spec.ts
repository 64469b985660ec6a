import { randomBytes } from 'node:crypto';
import { inspect } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  generateSigningKey,
  isUsablePublicKey,
  sign,
  signingKeyFromPem,
  signingKeyFromSeed,
  verify,
  verifyInBackground,
} from './signing.js';

const bytes = (hex: string) => new Uint8Array(Buffer.from(hex, 'hex'));

describe('signing', () => {
  it('gives the signature of RFC 8032 §7.1 test 3', () => {
    const key = signingKeyFromSeed(bytes('c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7'));
    expect(Buffer.from(key.publicKey).toString('hex')).toBe('fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025');
    expect(Buffer.from(sign(key, bytes('af82'))).toString('hex')).toBe(
      '6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a',
    );
  });

  it('verifies what it signed and nothing changed', () => {
    const key = generateSigningKey();
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 200 }), fc.nat(), fc.nat(511), (message, at, bit) => {
        const signature = sign(key, message);
        const otherMessage = message.slice();
        otherMessage[at % message.length]! ^= 1 << (bit % 8);
        const otherSignature = signature.slice();
        otherSignature[bit >> 3]! ^= 1 << (bit % 8);
        return (
          verify(key.publicKey, message, signature) &&
          !verify(key.publicKey, otherMessage, signature) &&
          !verify(key.publicKey, message, otherSignature)
        );
      }),
      { numRuns: 50 },
    );
  });

  it('gives the same answer in the background', async () => {
    const key = generateSigningKey();
    const message = randomBytes(40);
    const signature = sign(key, message);
    const answers = [
      verifyInBackground(key.publicKey, message, signature),
      verifyInBackground(key.publicKey, randomBytes(40), signature),
      verifyInBackground(generateSigningKey().publicKey, message, signature),
      verifyInBackground(key.publicKey, message, signature.subarray(1)),
      verifyInBackground(new Uint8Array(32), message, signature),
    ];
    expect(await Promise.all(answers)).toEqual([true, false, false, false, false]);
  });

  it('answers false to wrong lengths, other keys and keys that are no point', () => {
    const key = generateSigningKey();
    const message = randomBytes(10);
    const signature = sign(key, message);
    expect(verify(generateSigningKey().publicKey, message, signature)).toBe(false);
    expect(verify(key.publicKey.slice(1), message, signature)).toBe(false);
    expect(verify(key.publicKey, message, signature.slice(1))).toBe(false);
    expect(verify(bytes('02'.padEnd(64, '0')), message, signature)).toBe(false);
  });

  it('refuses a public key of small order, under which one signature fits every message', () => {
    const identity = bytes('01'.padEnd(64, '0'));
    const forged = new Uint8Array(64);
    forged.set(identity); // R = identity, S = 0: S·B = R + k·A holds for every k
    expect(verify(identity, randomBytes(5), forged)).toBe(false);
    expect(isUsablePublicKey(identity)).toBe(false);
    expect(isUsablePublicKey(bytes('ed'.padEnd(62, 'f') + 'ff'))).toBe(false);
    expect(isUsablePublicKey(generateSigningKey().publicKey)).toBe(true);
  });

  it('comes back from PEM as the same key', () => {
    const key = generateSigningKey();
    expect(signingKeyFromPem(key.toPem()).publicKey).toEqual(key.publicKey);
    expect(() => signingKeyFromSeed(new Uint8Array(31))).toThrow(RangeError);
  });

  it('does not print the private key', () => {
    const seed = randomBytes(32);
    const key = signingKeyFromSeed(seed);
    const printed = inspect(key, { showHidden: true, depth: 9 }) + JSON.stringify({ key });
    expect(printed).not.toContain(seed.toString('hex'));
    expect(printed).toContain('[secret]');
  });

  it('keeps working when more keys were seen than are kept', () => {
    const key = generateSigningKey();
    const message = randomBytes(8);
    const signature = sign(key, message);
    for (let i = 0; i < 5_000; i++) isUsablePublicKey(Uint8Array.of(...randomBytes(31), 0x10));
    expect(verify(key.publicKey, message, signature)).toBe(true);
  });
});
