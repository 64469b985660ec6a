/**
 * The numbers of each parameter set that bound a policy. Kept apart from libs/he because registrar and nyms follow policies too and
 * must not reach node-seal; a spec compares them with libs/he.
 */
export interface SetNumbers {
  /** N, slots of a cohort. */
  readonly slots: number;
  /** t: slots count modulo t and wrap silently. */
  readonly plainModulus: number;
  /** Noise budget of a fresh selector, bits; undefined for the plain twin, which has no noise. */
  readonly freshBudgetBits?: number;
}

const batching20 = 1_032_193; // PlainModulus.Batching(N, 20), protocol.md §1

const setNumbers: Readonly<Record<string, SetNumbers>> = {
  'n2048-q50-t20': { slots: 2048, plainModulus: batching20, freshBudgetBits: 25 },
  'n4096-q60-t20': { slots: 4096, plainModulus: batching20, freshBudgetBits: 35 },
  'n8192-q60-t20': { slots: 8192, plainModulus: batching20, freshBudgetBits: 35 },
  'plain-n2048': { slots: 2048, plainModulus: batching20 },
};

/** @returns undefined for a set that is not defined. */
export const numbersOf = (parameterSet: string): SetNumbers | undefined =>
  Object.hasOwn(setNumbers, parameterSet) ? setNumbers[parameterSet] : undefined;

/** Bits of noise budget that the fullest possible sum must still have. */
export const leastNoiseBits = 3;
