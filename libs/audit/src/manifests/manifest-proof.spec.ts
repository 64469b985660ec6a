import { describe, expect, it } from '@jest/globals';
import { signerOf, treeOf } from '../log.fixture.js';
import { manifestLeaf, manifestMessage, type ManifestEntry } from './manifest.js';
import { isInManifest, type ManifestProof } from './manifest-proof.js';

const correlator = signerOf('correlator').key;
const hash = (byte: number) => new Uint8Array(32).fill(byte);
const entries: ManifestEntry[] = [
  { hub: 'https://a.example', jti: '1', setHash: hash(1) },
  { hub: 'https://a.example', jti: '1', setHash: hash(1), decisionHash: hash(8) },
  { hub: 'https://b.example', jti: '0', setHash: hash(5) },
];
const tree = treeOf(entries.map(manifestLeaf));
const manifest = { epoch: 4, size: 3, root: tree.root(), policyDigest: hash(7), closedDay: 20_759 };
const proof: ManifestProof = {
  ...manifest,
  index: 0,
  path: tree.inclusionProof(0),
  signature: correlator.sign(manifestMessage(manifest)),
  entry: { hub: 'https://a.example', jti: '1', setHash: hash(1) },
};

describe('a proof of a manifest', () => {
  it('is good for its own SET under the key of the correlator', () => {
    expect(isInManifest(proof, correlator.publicKey)).toBe(true);
    expect(isInManifest(proof, signerOf('another').key.publicKey)).toBe(false);
  });

  it('is good for nothing else: not another SET, place, epoch, size, root, policy or day', () => {
    const others: Array<Partial<ManifestProof>> = [
      { entry: { ...proof.entry, jti: '2' } },
      { entry: { ...proof.entry, hub: 'https://b.example' } },
      { entry: { ...proof.entry, setHash: hash(2) } },
      { index: 1 },
      { path: proof.path.slice(1) },
      { path: tree.inclusionProof(1), index: 1 }, // a decision on it is not the SET
      { epoch: 5 },
      { size: 4 },
      { root: hash(0) },
      { policyDigest: hash(6) },
      { closedDay: 20_760 },
      { signature: proof.signature.toReversed() },
    ];
    for (const other of others) expect(isInManifest({ ...proof, ...other }, correlator.publicKey)).toBe(false);
  });
});
