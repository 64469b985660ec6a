/**
 * Routes of the key holder; each is for one caller, told by its token. It sees handles (from the registrar), wrapped tickets and
 * selectors (from nyms) and attested tallies (from the correlator), and stores no pseudonym.
 */
import { z } from 'zod';
import { approvedShadow } from './approvals/approved-files.js';
import { bytesOf, sides } from './ids.js';
import { accountRemedies } from './remedies.js';

export const enrolHandleRequest = z.strictObject({ handle: bytesOf(16), holderKey: bytesOf(32), proof: bytesOf(64) });
export const enrolHandleResponse = z.strictObject({
  keyHolderId: z.string(),
  handleCommitment: bytesOf(32),
  signature: bytesOf(64),
});

/** Another holder key for an account whose own is lost. `proof` is that of an enrolment, by the new key. */
export const replaceKeyRequest = enrolHandleRequest;
/** The holder key in use, or the new one, over frame(labels.callOff, keyHolderId, new key). */
export const callOffRequest = z.strictObject({ handle: bytesOf(16), signature: bytesOf(64) });
/** A replacement that waits: until its day whoever has the key in use can call it off. */
export const keyReplacement = z.strictObject({ holderKey: bytesOf(32), effectiveDay: z.int().nonnegative() });
export const keyReplacementAnswer = z.strictObject({ replacement: keyReplacement.optional() });

/** A batch, named to the registrar once it is full: handles in random order. The registrar keeps the highest number it has applied. */
export const releaseBatches = z.strictObject({
  batches: z.array(
    z.strictObject({
      number: z.int().positive(),
      suspend: z.array(bytesOf(16)),
      reinstate: z.array(bytesOf(16)),
      /** deleted for good; suspended by an earlier batch */
      remove: z.array(bytesOf(16)),
      /** of those in `suspend`: accounts whose related ones are to be found, for either remedy */
      relatedSuspend: z.array(bytesOf(16)).default([]),
      relatedDelete: z.array(bytesOf(16)).default([]),
    }),
  ),
});

/** More than this are not proposed at once. */
export const MOST_RELATED = 1_000;
/** Accounts that the registrar found related to those a batch marked: no effect before people have approved them. */
export const relatedProposal = z.strictObject({
  batch: z.int().positive(),
  remedy: z.enum(accountRemedies),
  handles: z.array(bytesOf(16)).max(MOST_RELATED),
});

export const mintRequest = z.strictObject({ wrapped: z.string().max(1_000), subject: bytesOf(32) });
/** A selector and what its signature covers; `bytes` is the ciphertext, base64url. */
export const selectorRecord = z.strictObject({
  selectorId: bytesOf(16),
  keyEpoch: z.int(),
  cohort: z.int(),
  period: z.int(),
  expiryDay: z.int(),
  subject: bytesOf(32),
  bytes: z.string(),
  signature: bytesOf(64),
});
export const renewRequest = z.strictObject({
  selector: selectorRecord,
  /** opening of the subject */
  salt: bytesOf(16),
  uri: z.string(),
  publicKey: z.string(),
  period: z.int(),
  signature: bytesOf(64),
});
export const actOnSelectorRequest = z.strictObject({
  statement: z.unknown(),
  signature: z.string(),
  selector: selectorRecord,
  salt: bytesOf(16),
  publicKey: z.string(),
});
export const actReceipt = z.strictObject({ receipt: bytesOf(64) });
/** Number of the newest force time; nyms starts a match pass when it has grown, or when the key holder's run changed (its memory is gone). */
export const forceState = z.strictObject({ force: z.int().nonnegative(), run: z.string() });
/** Correlator and witness ask what the key holder attests under. */
export const keyholderParameters = z.strictObject({
  keyHolderId: z.string(),
  parameterSet: z.string(),
  selectorKeys: z.array(z.strictObject({ keyEpoch: z.int().positive(), key: bytesOf(32) })).min(1),
  lastDecided: z.strictObject({ negative: z.int(), positive: z.int() }),
  /** One that needs tallies of its own, and the sides on which it wants one of their last decided epoch. */
  shadow: z.strictObject({ approved: approvedShadow, due: z.array(z.enum(sides)) }).nullable(),
});
/** The key holder's public file as it is now: a text, because its signature is over what it says. */
export const pinAnswer = z.strictObject({ pin: z.string().max(20_000) });
/** What each secret of the scheme is still needed for. Days are days since 1970. */
export const keyEpochState = z.strictObject({
  number: z.int().positive(),
  /** `in-use`: mints and renewals go there; `winding-down`: still opens what was made under it */
  state: z.enum(['in-use', 'winding-down', 'destroyed']),
  begunDay: z.int(),
  destroyedDay: z.int().optional(),
  cohorts: z.int().nonnegative(),
  /** slots whose last selector has not expired and left the window */
  positions: z.int().nonnegative(),
  /** first day on which nothing needs it any more, as things are; none while it is in use */
  freeDay: z.int().optional(),
});
export type KeyEpochState = z.output<typeof keyEpochState>;
export const keyEpochStates = z.strictObject({ keyEpochs: z.array(keyEpochState).min(1) });
export const decisionOutcome = z.strictObject({ outcome: z.enum(['decided', 'waiting']), epoch: z.int() });
