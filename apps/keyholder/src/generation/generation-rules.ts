/**
 * When a key holder begins afresh (docs/adr/0007): its database, its secrets folder and its log witnesses each remember where it was, and
 * whenever one of them remembers something else, what lies between is unknown. Then a new *generation* is opened: what was issued before
 * it is refused, and no number of before is used again. Pure.
 */
import { sameBytes } from '#contracts';

/** A generation by name: the number alone could come twice, were it opened twice from the same backup. */
export interface GenerationMark {
  readonly number: number;
  /** 16 random bytes */
  readonly id: Uint8Array;
}

export interface DatabaseMark {
  /** 0 before the first start */
  readonly number: number;
  /** undefined before the first start, and after `ctl restore` */
  readonly id: Uint8Array | undefined;
  /** Nobody was ever enrolled and nothing was logged. */
  readonly isUntouched: boolean;
}

export interface FolderMarks {
  readonly current?: GenerationMark | undefined;
  /** About to be opened when the process ended. */
  readonly next?: GenerationMark | undefined;
}

/** `settle`: a crash came between the database and the folder, and the database has it. */
export type StartJudgement = 'first' | 'go-on' | 'settle' | 'restored';

export function judgeMarks(database: DatabaseMark, { current, next }: FolderMarks): StartJudgement {
  if (isSame(database, current)) return 'go-on';
  if (isSame(database, next)) return 'settle';
  return !current && database.number === 0 && !database.id && database.isUntouched ? 'first' : 'restored';
}

const isSame = ({ number, id }: DatabaseMark, mark: GenerationMark | undefined): boolean =>
  mark !== undefined && id !== undefined && mark.number === number && sameBytes(mark.id, id);

/** What a witness has cosigned of a generation's log, signed by this key holder itself. */
export interface SeenCheckpoint {
  readonly generation: number;
  readonly size: number;
  readonly root: Uint8Array;
}

/** Has a witness seen more of this key holder than there is, or something else? @param log what there is, with the root of its first `size` entries */
export function isBehind(
  number: number,
  log: { readonly size: number; root(size: number): Uint8Array },
  seen: readonly SeenCheckpoint[],
): boolean {
  return seen.some(
    ({ generation, size, root }) =>
      generation > number || (generation === number && (size > log.size || !sameBytes(log.root(size), root))),
  );
}

/** A number that neither of the three remembers. */
export const nextNumber = (database: DatabaseMark, { current, next }: FolderMarks, seen: readonly SeenCheckpoint[]): number =>
  1 + Math.max(database.number, current?.number ?? 0, next?.number ?? 0, ...seen.map(({ generation }) => generation));

/** So many witnesses must answer that one of those is among them who cosigned whatever was cosigned. */
export const answersNeeded = ({ all, needed }: { readonly all: number; readonly needed: number }): number => all - needed + 1;

/** Cohorts, force times and release batches of a generation are numbered from here: those of a state that is lost are not used again. */
export const NUMBERS_PER_GENERATION = 2 ** 20;
export const MOST_GENERATIONS = 2 ** 31 / NUMBERS_PER_GENERATION - 1;
export const firstNumberOf = (generation: number): number => (generation - 1) * NUMBERS_PER_GENERATION;
