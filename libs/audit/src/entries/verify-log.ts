/**
 * Is a log what was signed (offline, from files)? Reads leaves once, as a stream, and compares the tree with every checkpoint. Pure.
 * - gap: a leaf is missing, doubled or out of place;
 * - edit: the leaves are not those that were signed, and no later checkpoint says otherwise;
 * - rollback: the log is shorter than what was signed or seen before;
 * - fork: the log has signed two histories, both under its key;
 * - checkpoint: one is not signed, not witnessed, of another log or unreadable, or there is none.
 */
import { sameBytes } from '#contracts';
import { openCheckpoint, type Checkpoint, type LogTrust } from '../checkpoints/checkpoint.js';
import { NoteRefused } from '../notes/note-refused.js';
import { MerkleRoot } from '../trees/merkle-root.js';
import { parseLeaf } from './audit-leaf.js';

export type LogFault = 'gap' | 'edit' | 'rollback' | 'fork' | 'checkpoint';

export type LogVerdict =
  | {
      readonly isSound: true;
      /** Leaves read. */
      readonly size: number;
      /** The newest checkpoint: leaves behind it are not evidence yet. Remember it for the next time. */
      readonly checkpoint: Checkpoint;
    }
  | {
      readonly isSound: false;
      readonly fault: LogFault;
      /** Index of a leaf (gap), size of a tree (edit: the first that does not fit), or place of a checkpoint among those given. */
      readonly at: number;
      /** The largest tree before that which fits; 0 = none. */
      readonly soundUpTo: number;
    };

/**
 * @param leaves in order, from the first.
 * @param checkpoints signed notes, oldest first; several of one size may stand behind each other.
 * @param seen the newest checkpoint of an earlier run: what is remembered cannot be taken back.
 */
export async function verifyLog(
  leaves: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  checkpoints: readonly string[],
  trust: LogTrust,
  seen?: Checkpoint,
): Promise<LogVerdict> {
  const opened: Checkpoint[] = [];
  for (const [at, note] of checkpoints.entries()) {
    const checkpoint = open(note, trust);
    if (!checkpoint) return { isSound: false, fault: 'checkpoint', at, soundUpTo: 0 };
    if (checkpoint.size < (opened.at(-1)?.size ?? 0)) return { isSound: false, fault: 'rollback', at, soundUpTo: 0 };
    opened.push(checkpoint);
  }
  const newest = opened.at(-1);
  if (!newest) return { isSound: false, fault: 'checkpoint', at: 0, soundUpTo: 0 };
  if (seen && (seen.origin !== newest.origin || seen.size > newest.size))
    return {
      isSound: false,
      fault: seen.origin === newest.origin ? 'rollback' : 'checkpoint',
      at: checkpoints.length - 1,
      soundUpTo: 0,
    };
  return compare(
    leaves,
    (seen ? [...opened, seen] : opened).toSorted((a, b) => a.size - b.size),
    newest,
  );
}

async function compare(
  leaves: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  ordered: readonly Checkpoint[],
  newest: Checkpoint,
): Promise<LogVerdict> {
  const tree = new MerkleRoot();
  let next = 0;
  let soundUpTo = 0;
  let broken: number | undefined;
  const check = () => {
    for (; ordered[next]?.size === tree.size; next++) {
      if (!sameBytes((ordered[next] as Checkpoint).root, tree.root())) broken ??= tree.size;
      else if (broken === undefined) soundUpTo = tree.size;
      // leaves that fit a later checkpoint cannot have been changed before it: the earlier one is of another history
      else return true;
    }
    return false;
  };
  let isForked = check();
  for await (const leaf of leaves) {
    if (parseLeaf(leaf)?.index !== tree.size) return { isSound: false, fault: 'gap', at: tree.size, soundUpTo };
    tree.add(leaf);
    isForked ||= check();
  }
  if (isForked || twoRootsOfOneSize(ordered)) return { isSound: false, fault: 'fork', at: broken ?? soundUpTo, soundUpTo };
  if (tree.size < newest.size) return { isSound: false, fault: 'rollback', at: tree.size, soundUpTo };
  if (broken !== undefined) return { isSound: false, fault: 'edit', at: broken, soundUpTo };
  return { isSound: true, size: tree.size, checkpoint: newest };
}

const twoRootsOfOneSize = (ordered: readonly Checkpoint[]): boolean =>
  ordered.some(({ size, root }, at) => ordered[at - 1]?.size === size && !sameBytes((ordered[at - 1] as Checkpoint).root, root));

function open(note: string, trust: LogTrust): Checkpoint | undefined {
  try {
    return openCheckpoint(note, trust).checkpoint;
  } catch (error) {
    if (error instanceof NoteRefused) return undefined;
    throw error;
  }
}
