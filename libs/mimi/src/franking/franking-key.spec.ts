import { generateKeyPairSync, sign } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { messageOf } from '../reports/abuse-report.fixture.js';
import { frankingMessage } from './franking-context.js';
import { FrankingKey } from './franking-key.js';

interface Pair {
  readonly publicKey: KeyObject;
  readonly privateKey: KeyObject;
}
const ec = (namedCurve: string): Pair => generateKeyPairSync('ec', { namedCurve });
const schemes: [suite: number, name: string, pair: Pair, bytes: number, hash: string | null][] = [
  [1, 'Ed25519', generateKeyPairSync('ed25519'), 32, null],
  [2, 'P-256', ec('P-256'), 65, 'sha256'],
  [3, 'Ed25519', generateKeyPairSync('ed25519'), 32, null],
  [4, 'Ed448', generateKeyPairSync('ed448'), 57, null],
  [5, 'P-521', ec('P-521'), 133, 'sha512'],
  [6, 'Ed448', generateKeyPairSync('ed448'), 57, null],
  [7, 'P-384', ec('P-384'), 97, 'sha384'],
];
/** As MLS writes a public key: the end of its SubjectPublicKeyInfo. */
const rawOf = ({ publicKey }: Pair, bytes: number): Uint8Array =>
  new Uint8Array(publicKey.export({ format: 'der', type: 'spki' }).subarray(-bytes));

const context = { senderUri: 'mimi://p.example/p/a', roomUri: 'mimi://h.example/r/b', acceptedTimestamp: 1_775_000_000_000n };

describe.each(schemes)('a franking key of cipher suite %i, %s', (suite, _, pair, bytes, hash) => {
  const raw = rawOf(pair, bytes);
  const unsigned = { ...messageOf(7).frank, cipherSuite: suite };
  const signature = sign(hash, frankingMessage(unsigned, context), pair.privateKey);
  const frank = { ...unsigned, integritySignature: new Uint8Array(signature) };
  const key = FrankingKey.read(suite, raw)!;

  it('attests what its hub signed', () => {
    expect(key.attests(frank, context)).toBe(true);
  });

  it('attests no other sender, room, time, frank or cipher suite, and no altered signature', () => {
    const other = (more: object) => key.attests(frank, { ...context, ...more });
    expect(other({ senderUri: 'mimi://p.example/p/b' })).toBe(false);
    expect(other({ roomUri: 'mimi://h.example/r/a' })).toBe(false);
    expect(other({ acceptedTimestamp: context.acceptedTimestamp + 1n })).toBe(false);
    expect(key.attests({ ...frank, serverFrank: new Uint8Array(32) }, context)).toBe(false);
    expect(key.attests({ ...frank, cipherSuite: suite === 7 ? 1 : suite + 1 }, context)).toBe(false);
    const altered = frank.integritySignature.with(-1, frank.integritySignature.at(-1)! ^ 1);
    for (const integritySignature of [altered, new Uint8Array(), frank.integritySignature.subarray(1), new Uint8Array(200)])
      expect(key.attests({ ...frank, integritySignature }, context)).toBe(false);
  });

  it('is no key in another length or of a point that is not on the curve', () => {
    for (const wrong of [raw.subarray(1), new Uint8Array([...raw, 0]), new Uint8Array()])
      expect(FrankingKey.read(suite, wrong)).toBeUndefined();
    if (hash === null) return;
    expect(FrankingKey.read(suite, raw.with(0, 0x02))).toBeUndefined();
    expect(FrankingKey.read(suite, raw.with(-1, raw.at(-1)! ^ 1))).toBeUndefined();
  });
});

describe('a franking key', () => {
  it('is of a cipher suite that is known', () => {
    const raw = rawOf(schemes[0]![2], 32);
    for (const suite of [0, 8, 0xf000, -1, 1.5]) expect(FrankingKey.read(suite, raw)).toBeUndefined();
  });
});
