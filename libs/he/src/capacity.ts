/**
 * How much of a parameter set the bounds of a policy use (protocol.md §1, §5). Pure numbers: the policy loader and `ctl selftest` refuse
 * bounds that do not fit; the key holder's own check of each sum uses the same noise rule.
 */
import type { ParameterSet } from './parameter-sets.js';

export interface PolicyBounds {
  /** Live pseudonyms per handle, so selectors of one slot. */
  readonly maxPseudonyms: number;
  /** Highest total of one (hub, pseudonym), before decay scaling. */
  readonly capPerHubAndPseudonym: number;
  readonly decayScale: number;
}

export interface Capacity {
  /** Highest value a slot can reach. */
  readonly slotMaximum: number;
  /** 2 × slotMaximum ÷ (t ÷ 2); must stay below 1. */
  readonly plainShare: number;
  /** Σ total² of the fullest possible (cohort, hub). */
  readonly squareSum: number;
  /** Bits of noise budget that the fullest sum must still have; undefined for the plain twin. */
  readonly noiseBitsLeft: number | undefined;
  readonly fits: boolean;
}

/** Budget that must be left in the fullest sum for bounds to be accepted, bits. */
export const noiseFloorBits = 3;

/** Least noise budget of an honest sum, bits: the noise of independent terms grows with the root of their square sum. */
export const leastBudgetBits = (freshBudgetBits: number, squareSum: number): number =>
  Math.floor(freshBudgetBits - Math.log2(squareSum) / 2) - 1;

export function capacitySelfTest(set: ParameterSet, bounds: PolicyBounds): Capacity {
  const total = bounds.capPerHubAndPseudonym * bounds.decayScale;
  const slotMaximum = bounds.maxPseudonyms * total;
  const plainShare = (2 * slotMaximum) / (set.plainModulus / 2);
  const squareSum = set.slots * bounds.maxPseudonyms * total ** 2;
  const noiseBitsLeft = set.kind === 'bfv' ? leastBudgetBits(set.freshBudgetBits, squareSum) : undefined;
  const fits = slotMaximum > 0 && plainShare < 1 && (noiseBitsLeft === undefined || noiseBitsLeft >= noiseFloorBits);
  return { slotMaximum, plainShare, squareSum, noiseBitsLeft, fits };
}
