/**
 * What a person signs: a moderator's decision on a held signal or review of a counted one, a blind act on a pseudonym, an operator's
 * reinstatement (protocol.md §6, §7). Ed25519 over frame(labels.statement, canonical bytes). A statement is used once.
 */
import { z } from 'zod';
import { jtiText } from './events.js';
import { pseudonymUri } from './ids.js';

const signer = z.string().min(1).max(64);
const common = {
  v: z.literal(1),
  /** 16 random bytes, base64url: makes the statement one of a kind. */
  id: z.string().regex(/^[A-Za-z0-9_-]{22}$/),
  /** `id` of a moderator of the policy, or of an operator pinned in the configuration. */
  by: signer,
  case: z.string().min(1).max(64),
  reason: z.string().max(500),
  day: z.int().nonnegative(),
} as const;

export const signalStatement = z.strictObject({
  ...common,
  type: z.enum(['release-signal', 'reject-signal']),
  hub: z.string().max(255),
  jti: jtiText,
});
/** Was what a hub said right? The outcome of looking at it: counted signals stay counted, trust in the hub may change by the next policy. */
export const findings = ['upheld', 'overturned'] as const;
const finding = z.enum(findings);
/** On one signal that has counted. */
export const signalReview = z.strictObject({
  ...common,
  type: z.literal('review-signal'),
  hub: z.string().max(255),
  jti: jtiText,
  finding,
});
/** On all that a hub said of one pseudonym, as one outcome. */
export const reportsReview = z.strictObject({
  ...common,
  type: z.literal('review-reports'),
  hub: z.string().max(255),
  uri: pseudonymUri,
  finding,
});
export const reviewStatement = z.discriminatedUnion('type', [signalReview, reportsReview]);
/** The longest suspension that ends by itself. */
export const LONGEST_TERM_DAYS = 90;
export const actStatement = z
  .strictObject({
    ...common,
    type: z.enum(['suspend', 'reinstate']),
    uri: pseudonymUri,
    /** A suspension that ends by itself, in whole days from the day it comes in force; left out, it is for good. */
    days: z.int().min(1).max(LONGEST_TERM_DAYS).optional(),
  })
  .refine(({ type, days }) => days === undefined || type === 'suspend', 'only a suspension has days');
/** The key holder forgets its secrets at once; only shares bring them back. */
export const sealStatement = z.strictObject({ ...common, type: z.literal('seal') });
export const statement = z.discriminatedUnion('type', [
  signalStatement,
  signalReview,
  reportsReview,
  actStatement,
  sealStatement,
]);

export type SignalStatement = z.output<typeof signalStatement>;
export type ReviewStatement = z.output<typeof reviewStatement>;
export type Finding = ReviewStatement['finding'];
export type ActStatement = z.output<typeof actStatement>;
export type SealStatement = z.output<typeof sealStatement>;
export type Statement = z.output<typeof statement>;

const signed = <T extends z.ZodType>(body: T) => z.strictObject({ statement: body, signature: z.string().max(128) });
export const signedSignalStatement = signed(signalStatement);
export const signedReviewStatement = signed(reviewStatement);
export const signedActStatement = signed(actStatement);
export const signedSealStatement = signed(sealStatement);
export interface Signed<S extends Statement> {
  readonly statement: S;
  /** base64url of 64 bytes */
  readonly signature: string;
}
