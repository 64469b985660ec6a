import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { checkpointOf, leavesOf, logSigner, treeOf, trust, witnessSigners } from '../log.fixture.js';
import { commitment, leafBytes, parseLeaf } from './audit-leaf.js';
import { leafLine, leavesIn } from './leaf-lines.js';
import { verifyLog } from './verify-log.js';

const leaves = leavesOf(10);
const at = (size: number) => checkpointOf(leaves.slice(0, size));
const seenAt = (size: number, of = leaves) => ({ origin: logSigner.name, size, root: treeOf(of).root(size) });
const checkpoints = [at(3), at(7), at(9)];
const otherLeaf = (index: number) => leafBytes({ v: 1, index, day: 20_000, type: 'other' });

describe('verifying a log', () => {
  it('finds an untouched log sound, up to its newest checkpoint', async () => {
    expect(await verifyLog(leaves, checkpoints, trust)).toEqual({ isSound: true, size: 10, checkpoint: seenAt(9) });
    expect(await verifyLog(leaves, checkpoints, trust, seenAt(4))).toMatchObject({ isSound: true });
    expect(await verifyLog([], [checkpointOf([])], trust)).toMatchObject({ isSound: true, size: 0 });
  });

  it('tells a dropped, doubled, moved or unreadable leaf as a gap, with its place', async () => {
    const gap = { isSound: false, fault: 'gap' };
    expect(await verifyLog(leaves.toSpliced(4, 1), checkpoints, trust)).toEqual({ ...gap, at: 4, soundUpTo: 3 });
    expect(await verifyLog(leaves.toSpliced(4, 0, leaves[4]!), checkpoints, trust)).toEqual({ ...gap, at: 5, soundUpTo: 3 });
    expect(await verifyLog(leaves.with(4, leaves[5]!).with(5, leaves[4]!), checkpoints, trust)).toMatchObject({ ...gap, at: 4 });
    expect(await verifyLog(leaves.with(8, leaves[8]!.slice(1)), checkpoints, trust)).toEqual({ ...gap, at: 8, soundUpTo: 7 });
  });

  it('tells an edited leaf, and between which checkpoints it lies', async () => {
    const verdict = await verifyLog(leaves.with(5, otherLeaf(5)), checkpoints, trust);
    expect(verdict).toEqual({ isSound: false, fault: 'edit', at: 7, soundUpTo: 3 });
  });

  it('tells a log that lost its end, and one that is older than what was seen', async () => {
    expect(await verifyLog(leaves.slice(0, 8), checkpoints, trust)).toEqual({
      isSound: false,
      fault: 'rollback',
      at: 8,
      soundUpTo: 7,
    });
    const older = await verifyLog(leaves.slice(0, 7), checkpoints.slice(0, 2), trust, seenAt(9));
    expect(older).toMatchObject({ isSound: false, fault: 'rollback' });
    expect(await verifyLog(leaves, checkpoints.toReversed(), trust)).toMatchObject({ fault: 'rollback', at: 1 });
  });

  it('tells a log that has signed two histories', async () => {
    const other = leaves.with(5, otherLeaf(5));
    const fork = { isSound: false, fault: 'fork' };
    expect(await verifyLog(leaves, [at(3), checkpointOf(other.slice(0, 7)), at(9)], trust)).toEqual({
      ...fork,
      at: 7,
      soundUpTo: 3,
    });
    expect(await verifyLog(leaves, [at(9), checkpointOf(other.slice(0, 9))], trust)).toMatchObject(fork);
    expect(await verifyLog(leaves, [checkpointOf(other.slice(0, 9)), at(9)], trust)).toMatchObject(fork);
    // only what was remembered shows it
    expect(await verifyLog(leaves, [at(9)], trust, seenAt(7, other))).toMatchObject({ ...fork, at: 7 });
    expect(await verifyLog(leaves, [at(9)], trust, seenAt(9, other))).toMatchObject({ ...fork, at: 9 });
  });

  it('takes no checkpoint that is unsigned, unwitnessed or of another log, and none is not enough', async () => {
    const wrong = [
      at(9).replace('\n9\n', '\n8\n'),
      checkpointOf(leaves, witnessSigners.slice(1)),
      checkpointOf(leaves, witnessSigners, 'another'),
      'x',
    ];
    for (const note of wrong) {
      expect(await verifyLog(leaves, [at(3), note], trust)).toEqual({ isSound: false, fault: 'checkpoint', at: 1, soundUpTo: 0 });
    }
    expect(await verifyLog(leaves, [], trust)).toMatchObject({ fault: 'checkpoint' });
    expect(await verifyLog(leaves, checkpoints, trust, { ...seenAt(3), origin: 'another' })).toMatchObject({
      fault: 'checkpoint',
    });
  });

  it('finds whatever single leaf is changed, dropped or put in before the newest checkpoint', async () => {
    const change = fc.record({ place: fc.nat(8), how: fc.constantFrom('edit', 'drop', 'insert', 'cut') });
    await fc.assert(
      fc.asyncProperty(change, async ({ place, how }) => {
        const changed = {
          edit: leaves.with(place, otherLeaf(place)),
          drop: leaves.toSpliced(place, 1),
          insert: leaves.toSpliced(place, 0, otherLeaf(place)),
          cut: leaves.slice(0, place),
        }[how as 'edit'];
        const verdict = await verifyLog(changed, [at(9)], trust);
        expect(verdict.isSound).toBe(false);
        const renumbered = changed.map((leaf, index) => leafBytes({ ...parseLeaf(leaf)!, index }));
        expect((await verifyLog(renumbered, [at(9)], trust)).isSound).toBe(false);
      }),
      { numRuns: 60 },
    );
  });
});

describe('leaves', () => {
  it('are read from a file that comes in any pieces', async () => {
    const file = Buffer.concat(leaves.map(leafLine));
    await fc.assert(
      fc.asyncProperty(fc.array(fc.integer({ min: 1, max: 90 }), { minLength: 1 }), async (lengths) => {
        const chunks: Uint8Array[] = [];
        for (let start = 0, i = 0; start < file.length; i++) {
          const length = lengths[i % lengths.length] as number;
          chunks.push(file.subarray(start, start + length));
          start += length;
        }
        const read: string[] = [];
        for await (const leaf of leavesIn(chunks)) read.push(Buffer.from(leaf).toString());
        expect(read).toEqual(leaves.map((leaf) => Buffer.from(leaf).toString()));
      }),
      { numRuns: 40 },
    );
  });

  it('are seen as torn when the file ends within a line, and are never endless', async () => {
    const torn = Buffer.concat(leaves.map(leafLine)).subarray(0, -3);
    expect(await verifyLog(leavesIn([torn]), checkpoints, trust)).toMatchObject({ isSound: false, fault: 'gap', at: 9 });
    const endless = async () => {
      for await (const leaf of leavesIn([new Uint8Array(40_000).fill(65), new Uint8Array(40_000).fill(65)]))
        expect(leaf).toBeDefined();
    };
    await expect(endless()).rejects.toThrow(RangeError);
  });

  it('are canonical JSON or none', () => {
    const leaf = { v: 1 as const, index: 4, day: 20_000, type: 'act', statement: 'ü' };
    expect(parseLeaf(leafBytes(leaf))).toEqual(leaf);
    const text = Buffer.from(leafBytes(leaf)).toString();
    for (const wrong of [` ${text}`, text.replace('"v":1', '"v":2'), text.replace('4', '4.5'), '[]', '', '\ufeff' + text]) {
      expect(parseLeaf(Buffer.from(wrong))).toBeUndefined();
    }
  });

  it('hide a subject behind a salt', () => {
    const [one, other] = [new Uint8Array(32).fill(1), new Uint8Array(32).fill(2)];
    expect(commitment(one, 'a')).toHaveLength(32);
    expect(commitment(one, 'a')).not.toEqual(commitment(other, 'a'));
    expect(commitment(one, 'a')).not.toEqual(commitment(one, 'b'));
    expect(() => commitment(new Uint8Array(15), 'a')).toThrow(RangeError);
  });
});
