/**
 * What an honest, completely attested tree never shows (protocol.md §5). Any of these means that correlator and witnesses together
 * signed something impossible, so it freezes decisions; nothing has been decrypted yet. Pure.
 */
import type { PolicyDocument } from '#contracts';
import { hubWeighs, largestTotal } from '#policy';
import type { DecisionHeader, Tally } from '#tallies';

export type TreeFault = 'parameter-set' | 'cohort' | 'key-epoch' | 'hub' | 'pseudonyms' | 'weight-sum' | 'square-sum';

export interface TreeRules {
  /** The key holder's own set. */
  readonly parameterSet: string;
  readonly slots: number;
  /** The policy whose digest the header names. */
  readonly policy: PolicyDocument;
  /** Cohorts that exist, with the key epoch of their selectors. */
  readonly cohorts: ReadonlyMap<number, number>;
  /** Cohorts below are of a generation before this one, and need not be known any more. */
  readonly firstCohort: number;
}

/** @returns the first fault, or undefined. */
export function treeFault({ header, tallies }: DecisionHeader, rules: TreeRules): TreeFault | undefined {
  if (header.parameterSet !== rules.parameterSet || rules.policy.parameterSet !== rules.parameterSet) return 'parameter-set';
  for (const tally of tallies) {
    const fault = tallyFault(tally, rules);
    if (fault) return fault;
  }
  return undefined;
}

function tallyFault({ cohort, keyEpoch, hub, pseudonyms, weightSum, squareSum }: Tally, rules: TreeRules): TreeFault | undefined {
  const { policy } = rules;
  const known = rules.cohorts.get(cohort);
  if (known === undefined && cohort >= rules.firstCohort) return 'cohort';
  if (known !== undefined && known !== keyEpoch) return 'key-epoch';
  if (!hubWeighs(policy, hub)) return 'hub'; // others weigh nothing, so they have no tally
  if (pseudonyms > rules.slots * 2 * policy.limits.maxPseudonyms) return 'pseudonyms';
  // each pseudonym adds a whole total between 1 and the cap
  if (weightSum < pseudonyms || weightSum > pseudonyms * largestTotal(policy)) return 'weight-sum';
  return squareSumFits(BigInt(squareSum), BigInt(weightSum), BigInt(pseudonyms), BigInt(largestTotal(policy)))
    ? undefined
    : 'square-sum';
}

/** Σ x² of n whole numbers 1 ≤ x ≤ cap with sum s: at least s²/n (Cauchy–Schwarz), at most s × cap. */
const squareSumFits = (squares: bigint, sum: bigint, count: bigint, cap: bigint): boolean =>
  squares * count >= sum * sum && squares <= sum * cap;
