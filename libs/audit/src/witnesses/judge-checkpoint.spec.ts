import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { checkpointOf, leavesOf, logSigner, signerOf, treeOf, trust } from '../log.fixture.js';
import { checkpointText } from '../checkpoints/checkpoint.js';
import { NoteVerifier } from '../notes/note-key.js';
import { signNote } from '../notes/signed-note.js';
import { emptyRoot } from '../trees/hashing.js';
import { addCheckpointText, parseAddCheckpoint, parseKnownSize } from './add-checkpoint.js';
import { judgeAddCheckpoint, type WitnessedHead } from './judge-checkpoint.js';

const leaves = leavesOf(12);
const tree = treeOf(leaves);
const headAt = (size: number): WitnessedHead => ({ size, root: tree.root(size) });
const noteAt = (size: number, root = tree.root(size)) =>
  signNote(checkpointText({ origin: logSigner.name, size, root }), logSigner);
const request = (old: number, size: number, proof = old <= size ? tree.consistencyProof(old, size) : [], note = noteAt(size)) =>
  parseAddCheckpoint(addCheckpointText({ old, proof, note }));
const judge = (head: WitnessedHead | undefined, asked: ReturnType<typeof request>) => judgeAddCheckpoint(head, asked, trust.log);

describe('what a witness answers', () => {
  it('cosigns the first tree it sees, growth from there, and the same tree again', () => {
    for (const [head, asked] of [
      [undefined, request(0, 7)],
      [undefined, request(0, 0)],
      [headAt(0), request(0, 3)],
      [headAt(5), request(5, 12)],
      [headAt(8), request(8, 9)],
      [headAt(7), request(7, 7)],
    ] as const) {
      expect(judge(head, asked)).toEqual({ answer: 200, head: headAt(asked.checkpoint.size), text: asked.text });
    }
  });

  it('answers 404 for a log it does not know and 403 for a tree that the log has not signed', () => {
    expect(judgeAddCheckpoint(undefined, request(0, 7), undefined)).toEqual({ answer: 404 });
    const stranger = signerOf(logSigner.name);
    expect(judgeAddCheckpoint(undefined, request(0, 7), new NoteVerifier(stranger.name, stranger.key.publicKey))).toEqual({
      answer: 403,
    });
    const altered = noteAt(7).replace('\n7\n', '\n8\n');
    expect(judge(undefined, request(0, 7, [], altered))).toEqual({ answer: 403 });
  });

  it('answers 409 with its own size when the caller is behind or ahead', () => {
    expect(judge(headAt(7), request(5, 12))).toEqual({ answer: 409, size: 7 });
    expect(judge(headAt(7), request(0, 12))).toEqual({ answer: 409, size: 7 });
    expect(judge(undefined, request(3, 12))).toEqual({ answer: 409, size: 0 });
    expect(judge(headAt(7), request(5, 6))).toEqual({ answer: 409, size: 7 });
  });

  it('answers 400 when the old size is beyond the new one: nothing is rolled back', () => {
    expect(judge(headAt(7), request(7, 6))).toEqual({ answer: 400 });
  });

  it('answers 422 to a fork, a wrong proof, a proof too much and an empty tree with a root', () => {
    const fork = treeOf(leavesOf(12, 'other'));
    expect(judge(headAt(5), request(5, 12, fork.consistencyProof(5, 12), noteAt(12, fork.root())))).toEqual({ answer: 422 });
    expect(judge(headAt(5), request(5, 5, [], noteAt(5, fork.root(5))))).toEqual({ answer: 422 });
    expect(judge(headAt(5), request(5, 12, tree.consistencyProof(6, 12)))).toEqual({ answer: 422 });
    expect(judge(headAt(5), request(5, 12, []))).toEqual({ answer: 422 });
    expect(judge(undefined, request(0, 7, tree.consistencyProof(5, 7)))).toEqual({ answer: 422 });
    expect(judge(undefined, request(0, 0, [], noteAt(0, tree.root(1))))).toEqual({ answer: 422 });
  });

  it('cosigns one history only, whatever two forks of a log send in whatever order', () => {
    const forks = [tree, treeOf([...leaves.slice(0, 4), ...leavesOf(12, 'other').slice(4)])] as const;
    const step = fc.record({ fork: fc.constantFrom(0, 1), old: fc.nat(12), size: fc.nat(12), honest: fc.boolean() });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        let head: WitnessedHead | undefined;
        const cosigned: WitnessedHead[] = [];
        for (const { fork, old: guess, size, honest } of steps) {
          const of = forks[fork] as typeof tree;
          const old = Math.min(size, honest ? (head?.size ?? 0) : guess);
          const answer = judge(head, request(old, size, of.consistencyProof(old, size), noteAt(size, of.root(size))));
          if (answer.answer === 200) cosigned.push((head = answer.head));
        }
        const isPrefixOf = (of: typeof tree) => cosigned.every(({ size, root }) => Buffer.from(of.root(size)).equals(root));
        const grows = cosigned.every(({ size }, at) => at === 0 || size >= cosigned[at - 1]!.size);
        return grows && forks.some(isPrefixOf);
      }),
      { numRuns: 60 },
    );
  });
});

describe('the body of add-checkpoint', () => {
  const body = addCheckpointText({ old: 5, proof: tree.consistencyProof(5, 12), note: checkpointOf(leaves) });

  it('is read as it was written', () => {
    expect(body.startsWith('old 5\n')).toBe(true);
    expect(parseAddCheckpoint(body)).toMatchObject({
      old: 5,
      note: checkpointOf(leaves),
      checkpoint: { size: 12, origin: logSigner.name },
    });
    expect(emptyRoot()).toHaveLength(32);
  });

  it('is refused in any other form', () => {
    const hash = `${Buffer.from(emptyRoot()).toString('base64')}\n`;
    const wrong = [
      body.replace('old 5', 'old 05'),
      body.replace('old 5', 'old'),
      body.slice(4),
      body.slice(0, -1),
      '',
      'old 0\n\n',
    ];
    for (const other of [
      ...wrong,
      body.replace('old 5\n', `old 5\n${hash.repeat(64)}`),
      body.replace('old 5\n', 'old 5\nAAAA\n'),
    ]) {
      expect(() => parseAddCheckpoint(other)).toThrow('refused: malformed');
    }
  });

  it('has the size of a conflict read back', () => {
    expect(parseKnownSize('7\n')).toBe(7);
    for (const wrong of ['7', '07\n', '\n', '7\n\n', '']) expect(() => parseKnownSize(wrong)).toThrow('refused: malformed');
  });
});
