import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { checkpointOf, leavesOf, treeOf, trust, witnessSigners } from '../log.fixture.js';
import { parseProof, proofText, verifyProof } from './tlog-proof.js';

const leaves = leavesOf(7);
const checkpoint = checkpointOf(leaves);
const path = treeOf(leaves).inclusionProof(3);
const leaf = leaves[3] as Uint8Array;
const proof = proofText({ index: 3, path, checkpoint });

describe('proof files', () => {
  it('are lines of text, the checkpoint at their end', () => {
    const hashes = path.map((hash) => Buffer.from(hash).toString('base64'));
    expect(proof).toBe(`c2sp.org/tlog-proof@v1\nindex 3\n${hashes.join('\n')}\n\n${checkpoint}`);
    expect(parseProof(proof)).toEqual({ index: 3, path, checkpoint });
    const extra = Uint8Array.of(1, 2, 3);
    expect(parseProof(proofText({ index: 3, path, checkpoint, extra }))).toEqual({ index: 3, path, checkpoint, extra });
  });

  it('prove their leaf, also the only one of a log', () => {
    expect(verifyProof(leaf, proof, trust)).toMatchObject({ index: 3, checkpoint: { size: 7 } });
    const [only] = leaves as [Uint8Array];
    expect(verifyProof(only, proofText({ index: 0, path: [], checkpoint: checkpointOf([only]) }), trust).index).toBe(0);
  });

  it('prove no other leaf, place or log, and nothing without witnesses', () => {
    expect(() => verifyProof(leaves[2] as Uint8Array, proof, trust)).toThrow('refused: not-included');
    expect(() => verifyProof(leaf, proof.replace('index 3', 'index 2'), trust)).toThrow('refused: not-included');
    expect(() => verifyProof(leaf, proofText({ index: 3, path, checkpoint: checkpointOf(leavesOf(8)) }), trust)).toThrow(
      'refused: not-included',
    );
    const unseen = proofText({ index: 3, path, checkpoint: checkpointOf(leaves, witnessSigners.slice(1)) });
    expect(() => verifyProof(leaf, unseen, trust)).toThrow('refused: unwitnessed');
  });

  it('are refused when any character is another', () => {
    fc.assert(
      fc.property(fc.nat(proof.length - 1), fc.integer({ min: 0x20, max: 0x7f }), (at, code) => {
        const changed = proof.slice(0, at) + String.fromCharCode(code) + proof.slice(at + 1);
        if (changed !== proof) expect(() => verifyProof(leaf, changed, trust)).toThrow('refused');
      }),
      { numRuns: 300 },
    );
  });

  it('are refused when they are written another way', () => {
    const wrong = [
      proof.replace('@v1', '@v2'),
      proof.replace('index 3', 'index 03'),
      proof.replace('index 3\n', ''),
      proof.slice(1),
    ];
    const long = proofText({ index: 3, path: Array<Uint8Array>(64).fill(path[0] as Uint8Array), checkpoint });
    for (const other of [...wrong, long, '', 'c2sp.org/tlog-proof@v1\n\n', proof.replace('index 3', 'extra !\nindex 3')]) {
      expect(() => parseProof(other)).toThrow('refused: malformed');
    }
  });
});
