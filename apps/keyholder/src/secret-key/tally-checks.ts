/**
 * Pure rules for what a decrypted sum must look like (protocol.md §5): without them an oracle over crafted ciphertexts gives the BFV
 * secret away in two queries. All slots are always looked at, whatever the first one says.
 */
import { leastBudgetBits } from '#he';
import type { TallyFault } from './refusals.js';
import type { TallyBound } from './secret-scheme.js';

/** A bound that no honest leaf has. */
export function boundFault({ weightSum, squareSum, maxSlot }: TallyBound): TallyFault | undefined {
  const sane = Number(weightSum) >= 1 && Number(squareSum) >= 1 && Number.isInteger(maxSlot) && maxSlot >= 1;
  return sane ? undefined : 'bound';
}

/** @param budgetBits noise budget of the sum; @param freshBudgetBits as calibrated with the key. */
export function noiseFault(budgetBits: number, freshBudgetBits: number, bound: TallyBound): TallyFault | undefined {
  const least = Math.max(1, leastBudgetBits(freshBudgetBits, Number(bound.squareSum)));
  return budgetBits >= least ? undefined : 'noise';
}

/** @param slots N totals below t, so their sum is exact in a double. */
export function slotsFault(slots: Uint32Array, bound: TallyBound): TallyFault | undefined {
  let sum = 0;
  let highest = 0;
  for (const value of slots) {
    sum += value;
    highest = Math.max(highest, value);
  }
  if (highest > bound.maxSlot) return 'slot-maximum';
  return BigInt(sum) === BigInt(bound.weightSum) ? undefined : 'weight-sum';
}

/** @returns the one slot that holds 1 while all others hold 0; undefined for anything else. */
export function oneHotSlot(slots: Uint32Array): number | undefined {
  let sum = 0;
  let position = 0;
  for (let slot = 0; slot < slots.length; slot++) {
    sum += slots[slot] as number;
    position += slot * Number(slots[slot] === 1);
  }
  return sum === 1 ? position : undefined;
}
