/**
 * A log in generations: a key holder that was restored begins another log, whose first entry holds the last checkpoint that witnesses had of
 * the one before. What the restored database lacks of that one is lost, and is said to be; nothing else may be missing. From files only.
 */
import {
  NoteRefused,
  NoteVerifier,
  openCheckpoint,
  parseLeaf,
  verifyLog,
  type AuditLeaf,
  type Checkpoint,
  type LogTrust,
} from '#audit';
import { generationIn, sameBytes } from '#contracts';
import { faultLine } from './audit-lines.js';

export interface ExportedLog {
  /** newest signed note */
  readonly checkpoint: string;
  leaves(): AsyncIterable<Uint8Array>;
}

export interface GenerationsVerdict {
  readonly isSound: boolean;
  /** Generation by generation, the newest first. */
  readonly lines: readonly string[];
}

/** The trust in another generation of the log: the same key under another name. */
export const trustIn = (trust: LogTrust, generation: number): LogTrust =>
  generation === 1 ? trust : { ...trust, log: new NoteVerifier(`${trust.log.name}/${generation}`, trust.log.publicKey) };

/** @param first trust in the first generation. @returns undefined for a note of another log */
export const generationOf = (note: string, { log }: LogTrust): number | undefined =>
  generationIn(note.slice(0, note.indexOf('\n')), log.name);

/**
 * @param newest what was exported of the present generation. @param exported of an earlier one, if there is anything
 * @param first trust in the first generation. @param seen the newest checkpoint of an earlier run, of whichever generation
 */
export async function verifyGenerations(
  newest: ExportedLog,
  exported: (generation: number) => ExportedLog | undefined,
  first: LogTrust,
  seen?: Checkpoint,
): Promise<GenerationsVerdict> {
  const lines: string[] = [];
  const broken = (line: string): GenerationsVerdict => ({ isSound: false, lines: [...lines, line] });
  const remembered = seen && generationIn(seen.origin, first.log.name);
  let log: ExportedLog | undefined = newest;
  let generation = generationOf(newest.checkpoint, first);
  if (generation === undefined || (remembered ?? 0) > generation)
    return broken('✗ the checkpoint is of another log, or of an earlier generation than was seen before');
  // what a later generation says that witnesses held of this one
  let held: { note: string; checkpoint: Checkpoint } | undefined;
  for (;;) {
    const trust = trustIn(first, generation);
    const own = remembered === generation ? seen : undefined;
    const size = log ? await countOf(log.leaves()) : 0;
    const notes: string[] = [...(log ? [log.checkpoint] : []), ...(held && held.checkpoint.size <= size ? [held.note] : [])];
    // of the present one nothing may be missing; of one before it, what a later one says that it is lost
    const isCovered = !held || !own || notes.some((note) => sizeOf(note, trust) >= own.size);
    if (log) {
      if (!opened(log.checkpoint, trust)) return broken(`${faultLine(unsigned)} (generation ${generation})`);
      const sorted = notes.toSorted((a, b) => sizeOf(a, trust) - sizeOf(b, trust));
      const verdict = await verifyLog(log.leaves(), sorted, { ...trust, needed: 0 }, isCovered ? own : undefined);
      if (!verdict.isSound) return broken(`${faultLine(verdict)} (generation ${generation})`);
      lines.push(
        `✓ ${verdict.checkpoint.size} entries${generation > 1 || held ? ` of generation ${generation}` : ''}, none missing, none changed`,
      );
    }
    if (held && held.checkpoint.size > size)
      lines.push(
        `! entries ${size} to ${held.checkpoint.size - 1} of generation ${generation} were lost: the key holder was restored from before them`,
      );
    if (own && !isCovered && !isAccounted(own, held?.checkpoint))
      return broken(`✗ what was seen of generation ${generation} is gone, and no later one says so`);
    if (generation === 1) return { isSound: true, lines };
    const opening = log && (await firstOf(log.leaves()));
    if (opening?.type !== 'generation' || opening['number'] !== generation)
      return log ? broken(`✗ generation ${generation} does not begin with its opening`) : { isSound: true, lines };
    const before = opening['before'];
    const earlier = typeof before === 'string' ? generationOf(before, first) : undefined;
    if (before === undefined) return { isSound: true, lines };
    if (typeof before !== 'string' || earlier === undefined || earlier >= generation)
      return broken(`✗ generation ${generation} names no checkpoint of one before it`);
    const checkpoint = opened(before, { ...trustIn(first, earlier), needed: 0 });
    if (!checkpoint)
      return broken(`✗ the checkpoint that generation ${generation} names of the one before is not signed by the key holder`);
    held = { note: before, checkpoint };
    generation = earlier;
    log = exported(earlier);
  }
}

const unsigned = { isSound: false, fault: 'checkpoint', at: 0, soundUpTo: 0 } as const;

/** Covered by the checkpoint that a later generation names: then it is known that it was, and that it is lost. */
const isAccounted = (own: Checkpoint, held: Checkpoint | undefined): boolean =>
  held !== undefined && (held.size > own.size || (held.size === own.size && sameBytes(held.root, own.root)));

function opened(note: string, trust: LogTrust): Checkpoint | undefined {
  try {
    return openCheckpoint(note, trust).checkpoint;
  } catch (error) {
    if (error instanceof NoteRefused) return undefined;
    throw error;
  }
}

const sizeOf = (note: string, trust: LogTrust): number => opened(note, { ...trust, needed: 0 })?.size ?? 0;

async function countOf(leaves: AsyncIterable<Uint8Array>): Promise<number> {
  let count = 0;
  for await (const leaf of leaves) if (leaf.length > 0) count += 1;
  return count;
}

async function firstOf(leaves: AsyncIterable<Uint8Array>): Promise<AuditLeaf | undefined> {
  for await (const leaf of leaves) return parseLeaf(leaf);
  return undefined;
}
