/** Operators' routes of the correlator: close an epoch now, and see how far it is. Counts only. */
import { z } from 'zod';

export const closeEpochResponse = z.strictObject({ epoch: z.int() });
export const epochState = z.strictObject({
  epoch: z.int(),
  /** closed → inspected → tallied → attested → decided; `waiting` = fewer new pseudonyms than `minPseudonyms`, so the next epoch decides. */
  state: z.enum(['closed', 'inspected', 'tallied', 'attested', 'decided', 'waiting']),
  signals: z.int(),
  counted: z.int(),
});
