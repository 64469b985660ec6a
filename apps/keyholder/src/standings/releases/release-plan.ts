/**
 * When standings come in force and who is named to the registrar (protocol.md §7, "Release"). An account is named only in a full batch; a
 * batch that does not fill in time starts the pseudonym side alone. Pure; times are whole days, as finer ones are not stored.
 */
import { shuffled } from '#platform';

const daySeconds = 86_400;

export interface ReleaseRules {
  /** Accounts of the minimum age that fill a batch. */
  readonly batch: number;
  /** In whole days, rounded down: less than a day does not wait. */
  readonly maxDelaySeconds: number;
  readonly minAgeDays: number;
}

export interface ReleaseFacts {
  readonly today: number;
  /** Standings not named to the registrar yet. */
  readonly unnamed: readonly { readonly handle: Uint8Array; readonly enrolledDay: number }[];
  /** Reinstated handles not named yet. */
  readonly reinstated: readonly Uint8Array[];
  /** Accounts to delete that the registrar holds suspended. */
  readonly deleted: readonly Uint8Array[];
  /** Earliest day since which something waits for a force number; undefined when nothing does. */
  readonly waitingSince: number | undefined;
}

export interface ReleasePlan {
  /** In random order; empty when the batch is not full. */
  readonly suspend: readonly Uint8Array[];
  readonly reinstate: readonly Uint8Array[];
  /** A batch of their own: the registrar must not tell a deletion from a suspension by when it is named. */
  readonly remove: readonly Uint8Array[];
  /** Everything that waits comes in force now. */
  readonly force: boolean;
}

export function releasePlan(
  { today, unnamed, reinstated, deleted, waitingSince }: ReleaseFacts,
  rules: ReleaseRules,
): ReleasePlan {
  const adults = unnamed.filter(({ enrolledDay }) => today - enrolledDay >= rules.minAgeDays).length;
  const full = adults >= rules.batch;
  const overdue = waitingSince !== undefined && (today - waitingSince) * daySeconds >= wholeDays(rules.maxDelaySeconds);
  return {
    suspend: full ? shuffled(unnamed.map(({ handle }) => handle)) : [], // younger ones ride along
    reinstate: reinstated.length >= rules.batch ? shuffled(reinstated) : [],
    remove: deleted.length >= rules.batch ? shuffled(deleted) : [],
    force: waitingSince !== undefined && (full || overdue),
  };
}

const wholeDays = (seconds: number): number => Math.floor(seconds / daySeconds) * daySeconds;
