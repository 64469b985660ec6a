import { describe, expect, it } from '@jest/globals';
import { toBase64Url } from '#contracts';
import { generateSigningKey, type SigningKey } from '#platform';
import { attestationMessage, treeRoot, type DecisionHeader } from '#tallies';
import { attestersOf } from './attesters.js';
import { attestedTree } from './attestation.js';

const correlator = generateSigningKey();
const witnesses = [generateSigningKey(), generateSigningKey()];
const stranger = generateSigningKey();
const pin = (id: string, { publicKey }: SigningKey) => ({ id, key: toBase64Url(publicKey) });
const pinned = { correlators: [pin('c', correlator)], witnesses: witnesses.map((key, i) => pin(`w${i}`, key)) };
const attesters = attestersOf({ ...pinned, needed: 2 });

const digest = toBase64Url(new Uint8Array(32));
const header = {
  v: 1 as const,
  epoch: 3,
  side: 'negative' as const,
  policy: 'live' as const,
  parameterSet: 'plain-n2048',
  build: 'plain',
  policyDigest: digest,
  manifestRoot: digest,
  since: 2,
  newPseudonyms: 20,
  objections: digest,
  selectors: digest,
  leaves: 2,
};
const tallies = [1, 2].map((cohort) => ({
  cohort,
  keyEpoch: 1,
  hub: 'https://hub.example',
  pseudonyms: 1,
  weightSum: 5,
  squareSum: 25,
  ciphertext: digest,
}));

function submitted(by: Record<string, SigningKey>, from: SigningKey = correlator): DecisionHeader {
  const message = attestationMessage(header, treeRoot(header, tallies));
  const signature = (key: SigningKey) => toBase64Url(key.sign(message));
  return {
    header,
    tallies,
    correlator: { id: 'c', signature: signature(from) },
    witnesses: Object.entries(by).map(([id, key]) => ({ id, signature: signature(key) })),
  };
}
const both = { w0: witnesses[0]!, w1: witnesses[1]! };

describe('attestation of a tree', () => {
  it('is complete with a pinned correlator and enough pinned witnesses', () => {
    expect(attestedTree(submitted(both), attesters)).toEqual({ root: treeRoot(header, tallies), witnesses: 2 });
  });

  it('is not with a witness missing, unknown, or signed by the key of another', () => {
    expect(attestedTree(submitted({ w0: witnesses[0]! }), attesters)).toBeUndefined();
    expect(attestedTree(submitted({ w0: witnesses[0]!, w9: witnesses[1]! }), attesters)).toBeUndefined();
    expect(attestedTree(submitted({ w0: witnesses[0]!, w1: witnesses[0]! }), attesters)).toBeUndefined();
  });

  it('is not with a correlator that is not pinned, or a witness in its place', () => {
    expect(attestedTree(submitted(both, stranger), attesters)).toBeUndefined();
    expect(attestedTree(submitted(both, witnesses[0]), attesters)).toBeUndefined();
  });

  it('is not of another tree: a leaf left out, a leaf changed, another header', () => {
    const good = submitted(both);
    expect(attestedTree({ ...good, header: { ...header, leaves: 1 }, tallies: tallies.slice(1) }, attesters)).toBeUndefined();
    expect(attestedTree({ ...good, tallies: [tallies[0]!, { ...tallies[1]!, weightSum: 6 }] }, attesters)).toBeUndefined();
    expect(attestedTree({ ...good, header: { ...header, since: 1 } }, attesters)).toBeUndefined();
  });
});

describe('the pinned attesters', () => {
  it.each([
    ['more needed than there are', { ...pinned, needed: 3 }],
    ['none needed', { ...pinned, needed: 0 }],
    ['no correlator', { ...pinned, correlators: [], needed: 1 }],
    ['one key for correlator and witness', { ...pinned, correlators: [pin('c', witnesses[0]!)], needed: 1 }],
    ['one key for two witnesses', { ...pinned, witnesses: [pin('w0', stranger), pin('w1', stranger)], needed: 2 }],
    ['one id for two witnesses', { ...pinned, witnesses: witnesses.map((key) => pin('w0', key)), needed: 1 }],
    ['a key of small order', { ...pinned, correlators: [{ id: 'c', key: toBase64Url(new Uint8Array(32)) }], needed: 1 }],
  ])('must not have %s', (_, value) => {
    expect(() => attestersOf(value)).toThrow(/^attesters file: /);
  });
});
