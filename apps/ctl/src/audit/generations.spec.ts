import { generateKeyPairSync, sign } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { checkpointText, cosign, leafBytes, MerkleTree, NoteVerifier, openCheckpoint, signNote, type LogTrust } from '#audit';
import { trustIn, verifyGenerations, type ExportedLog } from './generations.js';

const key = () => {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const raw = new Uint8Array(publicKey.export({ format: 'der', type: 'spki' }).subarray(-32));
  return { publicKey: raw, sign: (message: Uint8Array) => new Uint8Array(sign(null, message, privateKey)) };
};
const [logKey, witnessKey] = [key(), key()];
const origin = 'nymtally/audit/test';
const witness = { name: 'witness.example/1', key: witnessKey };
const trust: LogTrust = {
  log: new NoteVerifier(origin, logKey.publicKey),
  witnesses: [new NoteVerifier(witness.name, witnessKey.publicKey, 'cosignature')],
  needed: 1,
};
const plain = (count: number, type = 'act') =>
  Array.from({ length: count }, (_, index) => leafBytes({ v: 1, index, day: 20_000, type, number: index }));
const opening = (number: number, before?: string) =>
  leafBytes({ v: 1, index: 0, day: 20_000, type: 'generation', number, ...(before && { before }) });
function noteOf(leaves: readonly Uint8Array[], generation = 1, signer = logKey): string {
  const tree = new MerkleTree();
  for (const leaf of leaves) tree.add(leaf);
  const name = generation === 1 ? origin : `${origin}/${generation}`;
  const text = checkpointText({ origin: name, size: tree.size, root: tree.root() });
  return signNote(text, { name, key: signer }) + cosign(text, witness, 1_700_000_000);
}
const log = (leaves: readonly Uint8Array[], generation = 1, note = noteOf(leaves, generation)): ExportedLog => ({
  checkpoint: note,
  async *leaves() {
    yield* leaves;
  },
});
const all = plain(10);
const second = [
  opening(2, noteOf(all)),
  ...plain(3).map((_, at) => leafBytes({ v: 1, index: at + 1, day: 20_001, type: 'act' })),
];
const seenOf = (leaves: readonly Uint8Array[], generation = 1) =>
  openCheckpoint(noteOf(leaves, generation), trustIn(trust, generation)).checkpoint;

describe('a log in generations', () => {
  it('is sound when the one before is whole, and says what was lost when it is not', async () => {
    const whole = await verifyGenerations(log(second, 2), () => log(all), trust);
    expect(whole).toMatchObject({
      isSound: true,
      lines: [expect.stringContaining('4 entries of generation 2'), expect.stringContaining('10 entries of generation 1')],
    });
    const lost = await verifyGenerations(log(second, 2), () => log(all.slice(0, 7)), trust);
    expect(lost.isSound).toBe(true);
    expect(lost.lines).toContainEqual(expect.stringMatching(/entries 7 to 9 of generation 1 were lost/));
    const gone = await verifyGenerations(log(second, 2), () => undefined, trust);
    expect(gone.lines).toContainEqual(expect.stringMatching(/entries 0 to 9 of generation 1 were lost/));
  });

  it('is not when the one before is another history than the witnesses hold, or was edited', async () => {
    const other = plain(10, 'other');
    expect((await verifyGenerations(log(second, 2), () => log(other), trust)).isSound).toBe(false);
    const edited = all.with(3, plain(10, 'other')[3]!);
    expect((await verifyGenerations(log(second, 2), () => log(edited, 1, noteOf(all)), trust)).isSound).toBe(false);
  });

  it('is not without its opening, or with a checkpoint of before that nobody signed', async () => {
    expect((await verifyGenerations(log(plain(4), 2), () => log(all), trust)).lines.at(-1)).toContain('does not begin');
    const forged = [opening(2, noteOf(all, 1, key()))];
    expect((await verifyGenerations(log(forged, 2), () => log(all), trust)).lines.at(-1)).toContain('not signed');
    const later = [opening(2, noteOf(all, 3))];
    expect((await verifyGenerations(log(later, 2), () => log(all), trust)).isSound).toBe(false);
    expect((await verifyGenerations(log(second, 2, noteOf(second, 2, key())), () => log(all), trust)).isSound).toBe(false);
  });

  it('remembers what was seen, of whichever generation', async () => {
    const check = (seen: ReturnType<typeof seenOf>, newest = log(second, 2), before = log(all.slice(0, 7))) =>
      verifyGenerations(newest, () => before, trust, seen);
    expect((await check(seenOf(all.slice(0, 5)))).isSound).toBe(true);
    expect((await check(seenOf(all.slice(0, 9)))).isSound).toBe(true); // lost, and said to be
    expect((await check(seenOf(plain(11)))).isSound).toBe(false); // more than any later one admits
    expect((await check(seenOf(plain(5, 'other')))).isSound).toBe(false);
    expect((await check(seenOf(second, 2))).isSound).toBe(true);
    expect((await check(seenOf(second, 2), log(second.slice(0, 2), 2))).isSound).toBe(false);
    expect((await check(seenOf(second, 2), log(all), log(all))).isSound).toBe(false); // back to the first generation
  });
});
