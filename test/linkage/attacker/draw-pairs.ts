/**
 * Which pairs an attacker is asked about: for each account its true pair, and so many pairs with another account of its fold. Which
 * two things of the accounts make a pair, the caller says.
 */
import type { SeededRandom } from '../../../apps/ctl/src/scenario/random.js';
import { FOLDS } from './samples.js';
import type { Pairs } from './samples.js';

export interface PairPlan {
  readonly accounts: number;
  /** False pairs that each account is the left one of; fewer where its group has not as many. Without any, it is left out. */
  readonly others: number;
  readonly random: SeededRandom;
  /** Accounts meet only their own group, and a group is in one fold. Without: one group per fold. */
  readonly groupOf?: readonly number[];
  /** Left and right are not the same kind of thing, so two accounts may meet in both directions. */
  readonly directed?: boolean;
}

export function drawPairs({ accounts, others, random, groupOf, directed = false }: PairPlan): Pairs {
  const all = Array.from({ length: accounts }, (_, account) => account);
  const foldOf = new Uint8Array(accounts);
  // groups in random order are dealt to the folds in turn; an account alone is a group where there are no others
  random.shuffled([...Map.groupBy(all, (account) => groupOf?.[account] ?? account).values()]).forEach((group, i) => {
    for (const account of group) foldOf[account] = i % FOLDS;
  });
  const candidates = Map.groupBy(all, (account) => groupOf?.[account] ?? foldOf[account]!);
  const rows: { left: number; right: number; weight: number }[] = [];
  const met = new Set<number>();
  const keyOf = (one: number, other: number) =>
    directed ? one * accounts + other : Math.min(one, other) * accounts + Math.max(one, other);
  for (const account of all) {
    const free = random.shuffled(candidates.get(groupOf?.[account] ?? foldOf[account]!)!).filter((other) => {
      return other !== account && !met.has(keyOf(account, other));
    });
    if (free.length === 0) continue;
    rows.push({ left: account, right: account, weight: 1 });
    const chosen = free.slice(0, others);
    for (const other of chosen) {
      met.add(keyOf(account, other));
      rows.push({ left: account, right: other, weight: 1 / chosen.length });
    }
  }
  return {
    accounts,
    foldOf,
    left: Int32Array.from(rows, ({ left }) => left),
    right: Int32Array.from(rows, ({ right }) => right),
    same: Uint8Array.from(rows, ({ left, right }) => (left === right ? 1 : 0)),
    weight: Float64Array.from(rows, ({ weight }) => weight),
  };
}
