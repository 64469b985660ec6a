/**
 * When standings come in force and who is named to the registrar (protocol.md §7, "Release"). An account is named only in a full batch; a
 * batch that does not fill in time starts the pseudonym side alone. Pure; times are whole days, as finer ones are not stored.
 */
import type { AccountRemedy } from '#contracts';
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
  /** Accounts whose related ones are to be found, for one remedy or the other. */
  readonly related: readonly { readonly handle: Uint8Array; readonly remedy: AccountRemedy }[];
  /** Approved acts on accounts by handle wait: they take a full batch, and no delay starts them. */
  readonly hasOrders: boolean;
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
  /** Approved acts on accounts by handle are carried out first. */
  readonly orders: boolean;
  /** Handles of `suspend`, in random order: among those it names for the first time. */
  readonly relatedSuspend: readonly Uint8Array[];
  readonly relatedDelete: readonly Uint8Array[];
}

export function releasePlan(
  { today, unnamed, reinstated, deleted, related, hasOrders, waitingSince }: ReleaseFacts,
  rules: ReleaseRules,
): ReleasePlan {
  const adults = unnamed.filter(({ enrolledDay }) => today - enrolledDay >= rules.minAgeDays).length;
  const full = adults >= rules.batch;
  const marked = (wanted: AccountRemedy) => related.filter(({ remedy }) => remedy === wanted).map(({ handle }) => handle);
  const overdue = waitingSince !== undefined && (today - waitingSince) * daySeconds >= wholeDays(rules.maxDelaySeconds);
  return {
    suspend: full ? shuffled(distinct([...unnamed, ...related])) : [], // younger ones ride along, and marked ones that were named before
    reinstate: reinstated.length >= rules.batch ? shuffled(reinstated) : [],
    remove: deleted.length >= rules.batch ? shuffled(deleted) : [],
    force: (waitingSince !== undefined && (full || overdue)) || (full && hasOrders),
    orders: full && hasOrders,
    relatedSuspend: full ? shuffled(marked('suspend')) : [],
    relatedDelete: full ? shuffled(marked('delete')) : [],
  };
}

const distinct = (rows: readonly { readonly handle: Uint8Array }[]): Uint8Array[] => [
  ...new Map(rows.map(({ handle }) => [Buffer.from(handle).toString('hex'), handle])).values(),
];

const wholeDays = (seconds: number): number => Math.floor(seconds / daySeconds) * daySeconds;
