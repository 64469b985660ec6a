/** Operators' routes of the correlator: close an epoch now, and see how far it is. Counts only. */
import { z } from 'zod';

export const closeEpochResponse = z.strictObject({ epoch: z.int() });
export const epochState = z.strictObject({
  epoch: z.int(),
  /** closed → inspected → tallied → attested → decided; `waiting` = fewer new pseudonyms than `minPseudonyms`, so the next epoch decides. */
  state: z.enum(['closed', 'inspected', 'tallied', 'attested', 'decided', 'waiting']),
  /** SETs that arrived in it. */
  signals: z.int(),
  /** Signals, before caps, that are in its decided tallies and were in none before. */
  counted: z.int(),
});
/** What became of the SETs that arrived in an epoch, per hub: numbers only. */
export const epochHubs = z.strictObject({
  epoch: z.int(),
  hubs: z.array(
    z.strictObject({
      hub: z.string(),
      /** Neither held, taken back, rejected nor ignored. */
      accepted: z.int(),
      held: z.int(),
      ignored: z.int(),
      /** Taken back by the hub. */
      retracted: z.int(),
      /** Taken away by a moderator. */
      rejected: z.int(),
      /** Accepted, and of a hub that weighed in a decided tally: not of one in quarantine or on probation. */
      counted: z.int(),
    }),
  ),
});
