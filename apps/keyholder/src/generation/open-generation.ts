/**
 * The first thing a key holder does with its database: is this the state that it was in last? Folder, database and log witnesses are
 * compared; when they do not agree, a new generation is opened, in one transaction between two writes of the folder, so that a crash
 * anywhere leaves it opened or to be opened. Its log begins with what the witnesses hold of the one before.
 */
import { randomBytes } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { leafBytes, MerkleTree } from '#audit';
import { sameBytes } from '#contracts';
import { StartError, type Clock } from '#platform';
import { entriesFrom, insertEntry, lastDay, latestNote, newestCheckpoint } from '../audit/entries/entries.repository.js';
import type { LogWitnesses } from '../audit/cosigning/log-witnesses.js';
import { claimState } from '../audit/state.repository.js';
import type { Transaction, Writer } from '../database/writer.js';
import type { SealedFolder } from '../sealing/sealed-folder.js';
import { readMarks, writeMarks } from './generation-file.js';
import { answersNeeded, isBehind, judgeMarks, MOST_GENERATIONS, nextNumber, type FolderMarks } from './generation-rules.js';
import { beginAnew, beginFirst, readGeneration, type GenerationRow } from './generation.repository.js';
import { Generation } from './generation.js';
import { askHeads, provenHead, type LogOwner, type ReadHeads, type SeenHead } from './log-heads.js';

export interface GenerationSources {
  readonly writer: Writer;
  readonly folder: SealedFolder;
  readonly owner: LogOwner;
  readonly witnesses: LogWitnesses;
  readonly read: ReadHeads;
  readonly clock: Clock;
  /** how long witnesses are asked again while too few answer: when it seems to be the latest state, and when it is not */
  readonly patienceMs: { readonly known: number; readonly unknown: number };
}

const askMs = 2_000;
const pauseMs = 250;
/** Entries read at a time. */
const page = 5_000;

type Cause = 'restored' | 'rollback';

/** What the process goes on with. */
export interface OpenedGeneration {
  readonly generation: Generation;
  /** The entries of its log that were read here and are whole: none of a new one. Whoever goes on with it reads the rest. */
  readonly log: MerkleTree;
}

/** @throws StartError in one line */
export async function openGeneration(sources: GenerationSources): Promise<OpenedGeneration> {
  const { writer, folder, owner, patienceMs } = sources;
  await writer.transaction((transaction) => claimState(transaction, owner.keyHolderId));
  const row = await writer.transaction(readGeneration);
  const marks = await readMarks(folder).catch(() => {
    throw new StartError('the secrets folder remembers its generation in a damaged file: restore the folder from a backup');
  });
  const judged = judgeMarks(row, marks);
  const seen = await heads(sources, judged === 'restored' ? patienceMs.unknown : judged === 'first' ? 0 : patienceMs.known);
  const log = await ownLog(writer, row.number, owner, seen.heads);
  // a log that is not what its own checkpoint says was tampered with: the start that goes on finds it, and ends
  const behind = !log.isDamaged && isBehind(row.number, log.tree, seen.heads);
  if (judged === 'restored' || behind) {
    if (!seen.isEnough)
      throw new StartError(
        'this is not the state that the key holder was in last, and too few log witnesses say how far it had come: start them first',
      );
    const generation = await anew(sources, row, marks, seen.heads, judged === 'restored' ? 'restored' : 'rollback');
    return { generation, log: new MerkleTree() };
  }
  const generation = judged === 'first' ? await first(sources) : new Generation(row);
  if (judged === 'settle') await writeMarks(folder, { current: marks.next });
  if (seen.isEnough) generation.confirm();
  return { generation, log: log.isDamaged || !log.isWhole ? new MerkleTree() : log.tree };
}

async function heads({ witnesses, owner, read }: GenerationSources, patienceMs: number) {
  const needed = answersNeeded({ all: witnesses.witnesses.length, needed: witnesses.needed });
  for (const until = performance.now() + patienceMs; ; await wait(pauseMs)) {
    const answer = await askHeads(witnesses, owner, read, askMs);
    const isEnough = answer.answered >= needed;
    if (isEnough || performance.now() >= until) return { heads: answer.heads, isEnough };
  }
}

interface OwnLog {
  readonly tree: MerkleTree;
  /** Not what its own checkpoint says: it was tampered with. */
  readonly isDamaged: boolean;
  readonly isWhole: boolean;
}

/** The generation's log as the database has it; not read where no witness has one to compare. */
async function ownLog(writer: Writer, generation: number, owner: LogOwner, seen: readonly SeenHead[]): Promise<OwnLog> {
  const tree = new MerkleTree();
  if (seen.length === 0) return { tree, isDamaged: false, isWhole: true };
  const note = await writer.transaction((transaction) => newestCheckpoint(transaction, generation));
  const own = note === undefined ? undefined : provenHead(note, owner);
  let isWhole = true;
  for (;;) {
    const rows = await writer.transaction((transaction) => entriesFrom(transaction, generation, tree.size, page));
    for (const { sequence, leaf } of rows) {
      isWhole &&= sequence === tree.size;
      tree.add(leaf);
    }
    if (rows.length < page) break;
  }
  const isDamaged = own !== undefined && (own.size > tree.size || !sameBytes(tree.root(own.size), own.root));
  return { tree, isDamaged, isWhole };
}

async function first({ writer, folder }: GenerationSources): Promise<Generation> {
  const mark = { number: 1, id: new Uint8Array(randomBytes(16)) };
  await writeMarks(folder, { next: mark });
  await writer.transaction((transaction) => beginFirst(transaction, mark));
  await writeMarks(folder, { current: mark });
  return new Generation({ number: 1, day: 0, isUnnamed: false });
}

async function anew(
  { writer, folder, owner, clock }: GenerationSources,
  row: GenerationRow,
  marks: FolderMarks,
  seen: readonly SeenHead[],
  cause: Cause,
): Promise<Generation> {
  const mark = { number: nextNumber(row, marks, seen), id: new Uint8Array(randomBytes(16)) };
  if (mark.number > MOST_GENERATIONS) throw new StartError('no generation is left: make a new key holder');
  await writeMarks(folder, { ...(marks.current && { current: marks.current }), next: mark });
  const day = await writer.transaction(async (transaction) => {
    const opened = Math.max(clock.today(), await lastDay(transaction, row.number));
    await beginAnew(transaction, mark, opened);
    const before = newestOf([...seen, ...(await ownNewest(transaction, owner))]);
    const body = { type: 'generation', number: mark.number, cause, ...(before && { before: before.note }) };
    const leaf = leafBytes({ v: 1, index: 0, day: opened, ...body });
    await insertEntry(transaction, mark.number, { sequence: 0, leaf });
    return opened;
  });
  await writeMarks(folder, { current: mark });
  const generation = new Generation({ number: mark.number, day, isUnnamed: true });
  generation.confirm();
  return generation;
}

const newestOf = (all: readonly SeenHead[]): SeenHead | undefined =>
  all.toSorted((a, b) => b.generation - a.generation || b.size - a.size)[0];

async function ownNewest(transaction: Transaction, owner: LogOwner): Promise<SeenHead[]> {
  const note = await latestNote(transaction);
  const head = note === undefined ? undefined : provenHead(note, owner);
  return head ? [head] : [];
}
