/** Routes of nyms: the pseudonym side. Nothing here can carry an account; the redemption routes take no credentials at all. */
import { z } from 'zod';
import { jtiText, reasonCodes } from './events.js';
import { bytesOf, clientUri, pseudonymUri } from './ids.js';
import { signedActStatement, signedReviewStatement, signedSignalStatement } from './statements.js';

/** SubjectPublicKeyInfo, DER, base64url: Ed25519 (44 bytes) or P-256 (91 bytes). */
export const spki = z
  .string()
  .regex(/^[A-Za-z0-9_-]{59,122}$/)
  .transform((text) => text);
export const redemptionRequest = z.strictObject({
  wrapped: z.string().max(1_000),
  uri: pseudonymUri,
  salt: bytesOf(16),
  clientUri,
  publicKey: spki,
  /** client key over frame(labels.possession, uri, clientUri, H(SPKI)); Ed25519, or ES256 as r ‖ s */
  proof: bytesOf(64),
});
export const credentialResponse = z.strictObject({
  uri: pseudonymUri,
  clientUri,
  /** X.509 chain, leaf first, DER, base64url (RFC 9420 §5.3, credential type x509) */
  certificates: z.array(z.string()).min(1),
  /** first day on which the pseudonym is no longer valid */
  expiryDay: z.int(),
  period: z.int(),
});
export const renewalRequest = z.strictObject({
  uri: pseudonymUri,
  clientUri,
  /** the period renewed into */
  period: z.int(),
  /** the pseudonym's first key over frame(labels.renew, uri, period) */
  signature: bytesOf(64),
});
export const furtherClientRequest = z.strictObject({
  uri: pseudonymUri,
  clientUri,
  publicKey: spki,
  /** new key over frame(labels.possession, uri, clientUri, H(SPKI)) */
  proof: bytesOf(64),
  /** an existing client of the pseudonym and its key's signature over frame(labels.addClient, uri, clientUri, H(SPKI)) */
  by: clientUri,
  signature: bytesOf(64),
});
/**
 * A compact JWS: header typ `nymtally-status+jwt`, claims {iss, aud: hub, iat (whole day), sub_id, active, status: {status_list: {idx, uri}}}.
 * One length for all answers to a hub about one URI.
 */
export const statusResponse = z.strictObject({ status: z.string() });
export const statusAnswerType = 'nymtally-status+jwt';
/** The hub's request: a JWT in `Authorization: Bearer`, typ `nymtally-status-request+jwt`, claims {iss: hub, aud, iat, sub_id}. */
export const statusRequestType = 'nymtally-status-request+jwt';

/**
 * What intake would make of a SET it has just been asked about, and the live policy of its event. Nothing of the pseudonym: one that is not
 * known has the same answer. Nothing of the hub's trust.
 */
export const dryRunAnswer = z.strictObject({
  /** is the event type one of ours? Others are taken and ignored. */
  eventKnown: z.boolean(),
  /** one that does not fit its type is taken and ignored, too */
  payloadValid: z.boolean(),
  side: z.enum(['negative', 'positive']).optional(),
  /** plain weight of the live policy; 0 for what takes another signal back */
  weight: z.int().nonnegative(),
  /** would it wait for a moderator? */
  held: z.boolean(),
  /** this hub is a sandbox: whatever it sends never weighs */
  sandbox: z.boolean(),
});
export type DryRunAnswer = z.output<typeof dryRunAnswer>;

const hash = bytesOf(32);
/** Proof that a SET of the asking hub is in the manifest of the epoch it arrived in (protocol.md §5). */
export const manifestProof = z.strictObject({
  epoch: z.int().positive(),
  /** Place among the entries, from 0. */
  index: z.int().nonnegative(),
  size: z.int().positive(),
  /** Leaf to root (RFC 9162 §2.1.3). */
  path: z.array(hash).max(63),
  root: hash,
  policyDigest: hash,
  closedDay: z.int(),
  /** correlator key over frame(labels.manifest, epoch, size, root, policyDigest, closedDay) */
  signature: bytesOf(64),
  /** The leaf is frame(hub, jti, setHash, nothing). */
  entry: z.strictObject({ hub: z.string().max(255), jti: jtiText, setHash: hash }),
});
/** `:epoch` of a hub that does not know in which epoch its SET arrived. */
export const arrivalEpoch = 'arrival';
/** The hub's request: a JWT in `Authorization: Bearer`, typ `nymtally-manifest-request+jwt`, claims {iss: hub, aud, iat, set: jti}. */
export const manifestRequestType = 'nymtally-manifest-request+jwt';

export const heldSignals = z.strictObject({
  held: z.array(
    z.strictObject({
      hub: z.string(),
      jti: z.string(),
      uri: z.string(),
      event: z.string(),
      reason: z.string().optional(),
      day: z.int(),
    }),
  ),
});
/**
 * All that a message's frank can show: the hub's signature over sender, room and time. What a message said is on the hub's word, always.
 */
export const frankEvidence = ['hub attests sender, room, time', 'not verified'] as const;
export type FrankEvidence = (typeof frankEvidence)[number];
/** Reports of hubs about one pseudonym. Never a message's content, a reporter, or a note. */
export const pseudonymReports = z.strictObject({
  reports: z.array(
    z.strictObject({
      hub: z.string(),
      jti: z.string(),
      state: z.enum(['received', 'counted', 'held', 'retracted', 'rejected']),
      reason: z.enum(reasonCodes),
      /** Of the AbuseReport: one byte, no value registered. */
      reasonCode: z.int().min(0).max(255).optional(),
      /** The hub says that it has checked frank and content. */
      hubVerified: z.boolean(),
      reporters: z.string().optional(),
      room: z.string().optional(),
      /** day it came */
      day: z.int(),
      messages: z.array(
        z.strictObject({
          /** day the hub took the message, as the report says; none when that is no date */
          acceptedDay: z.int().nonnegative().optional(),
          evidence: z.enum(frankEvidence),
        }),
      ),
    }),
  ),
});
export type PseudonymReports = z.output<typeof pseudonymReports>;

export const signalDecisionRequest = signedSignalStatement;
export const reviewRequest = signedReviewStatement;
/** What moderators found of each hub's signals, and the trust that follows from it: a suggestion, live only as part of a policy. */
export const hubTrust = z.strictObject({
  hubs: z.array(
    z.strictObject({
      hub: z.string(),
      /** Of the live policy, per cent. */
      trust: z.int(),
      upheld: z.int(),
      overturned: z.int(),
      /** Moderators do not agree on so many: they count for neither. */
      disputed: z.int(),
      suggested: z.int(),
      why: z.enum(['too-few-reviews', 'as-reviewed', 'below-trust', 'above-trust', 'above-trust-not-asked']),
    }),
  ),
});
/** Why a pseudonym was suspended, as coarsely as it can be said: by signals about itself alone. */
export const suspensionReasons = z.strictObject({
  /** Operators whose signals about it count; `most` is absent when there are `least` or more. */
  operators: z.strictObject({ least: z.int(), most: z.int().optional() }),
  /** Of at least three operators each; none below the lowest band. */
  reasons: z.array(z.enum([...reasonCodes, 'ban', 'kick', 'rate'])),
});
/** The moderator's token for it, and for `pseudonymReports`, also has `sub_id` {format: uri, uri} and `case`. */
export const moderatorCase = z.string().min(1).max(64);
export const actRequest = signedActStatement;
/** The same for every statement that is well signed: it tells nothing about the account. */
export const actResponse = z.strictObject({ receipt: z.string() });
/** A moderator's read: a JWT in `Authorization: Bearer`, typ `nymtally-moderator+jwt`, claims {iss: moderator id, aud, iat}. */
export const moderatorRequestType = 'nymtally-moderator+jwt';
