import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { addCheckpointText, checkpointText, MerkleTree, NoteVerifier, signNote, verifyCosignature } from '#audit';
import { utf8 } from '#contracts';
import { FixedClock, generateSigningKey } from '#platform';
import { Heads } from './heads.js';
import { LogCosigner } from './log-cosigner.js';

const origin = 'nymtally/audit/one';
const log = { name: origin, key: generateSigningKey() };
const own = { name: 'nymtally/witness/w', key: generateSigningKey() };
const verifier = new NoteVerifier(own.name, own.key.publicKey, 'cosignature');
const clock = new FixedClock('2026-11-02T12:00:00Z');

const treeOf = (...leaves: string[]): MerkleTree => {
  const tree = new MerkleTree();
  for (const leaf of leaves) tree.add(utf8(leaf));
  return tree;
};
const textOf = (tree: MerkleTree, of = origin) => checkpointText({ origin: of, size: tree.size, root: tree.root() });
const request = (tree: MerkleTree, old: number, signer = log) =>
  addCheckpointText({ old, proof: tree.consistencyProof(old), note: signNote(textOf(tree, signer.name), signer) });

describe('a witness of logs', () => {
  let folder: string;
  let cosigner: LogCosigner;
  let alarms: string[];
  const start = () => {
    const logs = new Map([[origin, new NoteVerifier(log.name, log.key.publicKey)]]);
    cosigner = new LogCosigner(own, logs, new Heads(folder), clock, (name) => alarms.push(name));
  };
  beforeEach(() => {
    alarms = [];
    folder = mkdtempSync(path.join(os.tmpdir(), 'heads-'));
    start();
  });
  afterEach(() => rmSync(folder, { recursive: true }));
  const answer = async (body: string) => (await cosigner.addCheckpoint(body)).answer;

  it('cosigns what goes on from what it cosigned before, with the time', async () => {
    const [small, large] = [treeOf('a', 'b'), treeOf('a', 'b', 'c')];
    expect(await answer(request(small, 0))).toBe(200);
    const judged = await cosigner.addCheckpoint(request(large, 2));
    if (judged.answer !== 200) throw new Error(`answered ${judged.answer}`);
    expect(verifyCosignature(textOf(large), judged.line.trimEnd(), verifier)).toBe(clock.now().getTime() / 1_000);
  });

  it('remembers over a restart, and cosigns the same again', async () => {
    const tree = treeOf('a', 'b');
    await cosigner.addCheckpoint(request(tree, 0));
    start();
    expect(await cosigner.addCheckpoint(request(tree, 0))).toEqual({ answer: 409, size: 2 });
    expect(await answer(request(tree, 2))).toBe(200);
  });

  it('refuses another history, of the same size or longer, with an alarm, and a shorter one', async () => {
    await cosigner.addCheckpoint(request(treeOf('a', 'b'), 0));
    expect(await answer(request(treeOf('a', 'x'), 2))).toBe(422);
    expect(await answer(request(treeOf('a', 'x', 'c'), 2))).toBe(422);
    expect(alarms).toEqual([origin, origin]);
    expect(await cosigner.addCheckpoint(request(treeOf('a'), 0))).toEqual({ answer: 409, size: 2 });
    expect(await answer(request(treeOf('a', 'b', 'c'), 2))).toBe(200);
  });

  it('cosigns one of two histories that come at once', async () => {
    const forks = ['b', 'x'].map((second) => answer(request(treeOf('a', second), 0)));
    expect((await Promise.all(forks)).toSorted()).toEqual([200, 409]);
  });

  it('answers what is malformed, of an unknown log, or signed by another key', async () => {
    const [tree, stranger] = [treeOf('a'), generateSigningKey()];
    expect(await answer('old 0\n')).toBe(400);
    expect(await answer('')).toBe(400);
    expect(await answer(request(tree, 0, { name: 'nymtally/audit/two', key: log.key }))).toBe(404);
    expect(await answer(request(tree, 0, { name: origin, key: stranger }))).toBe(403);
    expect(readdirSync(folder)).toEqual([]);
  });

  it('cosigns nothing when its memory is damaged or cannot be written', async () => {
    await cosigner.addCheckpoint(request(treeOf('a'), 0));
    const [file] = readdirSync(folder);
    writeFileSync(path.join(folder, file!), '{"size":');
    await expect(cosigner.addCheckpoint(request(treeOf('a', 'b'), 1))).rejects.toThrow();
    rmSync(folder, { recursive: true });
    await expect(cosigner.addCheckpoint(request(treeOf('a', 'b'), 0))).rejects.toThrow('ENOENT');
    writeFileSync(folder, ''); // for the removal after the test
  });
});
