/**
 * t of each parameter set: all that a policy needs of them. Kept apart from libs/he because registrar and nyms follow policies too and
 * must not reach node-seal; a spec compares it with libs/he.
 */
const batching20 = 1_032_193; // PlainModulus.Batching(N, 20), protocol.md §1

export const plainModuli: Readonly<Record<string, number>> = {
  'n2048-q50-t20': batching20,
  'n4096-q60-t20': batching20,
  'n8192-q60-t20': batching20,
  'plain-n2048': batching20,
};

/** @returns undefined for a set that is not defined. */
export const plainModulusOf = (parameterSet: string): number | undefined =>
  Object.hasOwn(plainModuli, parameterSet) ? plainModuli[parameterSet] : undefined;
