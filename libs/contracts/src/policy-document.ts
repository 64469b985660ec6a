/**
 * The policy file: everything operators decide, in one signed, versioned document (protocol.md §4–§7). Scores are in weight units;
 * the fold works in units × decay.scale. What the numbers may be together is checked by `libs/policy`, not here.
 */
import { z } from 'zod';
import { bytesOf } from './ids.js';

const count = z.int().nonnegative();
const atLeastOne = z.int().positive();
const name = z
  .string()
  .min(1)
  .max(64)
  .regex(/^[a-z0-9][a-z0-9.-]*$/);
/** A `franking_signature_key` of mimi-protocol-06, in the MLS encoding of its cipher suite. */
const frankingKey = z.strictObject({ suite: z.int().min(1).max(7), key: z.string().regex(/^[A-Za-z0-9_-]{43,178}$/) });
/** Ed25519 public key, base64url of 32 bytes; stays text, since the document is hashed as it is. */
const publicKey = z.string().refine((text) => bytesOf(32).safeParse(text).success, 'must be base64url of 32 bytes');

export const hubEntry = z.strictObject({
  /** `iss` of its SETs: an https origin (http on loopback only outside production). */
  id: z.url().max(255),
  operator: name,
  /** Per cent of each weight that counts. */
  trust: z.int().min(0).max(100),
  since: z.iso.date(),
  /** `quarantined`: its SETs are taken and stored, and nothing of it counts until it is active again. `suspended`: they are refused. */
  status: z.enum(['active', 'suspended', 'quarantined']),
  /** Public JWKs, each with `kid` and `alg`; or a JWKS address on the hub's own TLS name. */
  keys: z
    .array(z.looseObject({ kid: z.string().min(1).max(128), alg: z.enum(['EdDSA', 'ES256', 'RS256']), kty: z.string() }))
    .max(16),
  jwksUrl: z.url().optional(),
  revokedKids: z.array(z.string().max(128)).max(64),
  /** SETs an epoch that are usual for it. Without it, what is usual is estimated from its last epochs. */
  expectedPerEpoch: atLeastOne.optional(),
  /** What its franks are signed with, earlier ones too: shown to moderators, weighs nothing. */
  frankingKeys: z.array(frankingKey).min(1).max(16).optional(),
  /**
   * To try things: its SETs are taken and refused like any other's, and never weigh. A mark of the hub and not of a key: `iss` is signed and
   * in every manifest, so that correlator, witnesses and key holder leave it out alike, whatever becomes of a key.
   */
  sandbox: z.literal(true).optional(),
  /** The hub's SSF transmitter, all addresses on its own TLS name. */
  transmitter: z
    .strictObject({
      /** `sub_id` of its stream events (SSF 1.0 §8.1.4) */
      streamId: z.string().min(1).max(255),
      /** where its SETs are polled (RFC 8936); without it they are pushed */
      pollUrl: z.url().max(1_024).optional(),
      /** where a verification event is asked for (SSF 1.0 §8.1.4.2) */
      verificationUrl: z.url().max(1_024).optional(),
    })
    .optional(),
});
export type HubEntry = z.output<typeof hubEntry>;

export const policyDocument = z.strictObject({
  v: z.literal(1),
  version: atLeastOne,
  /** Domain in pseudonym URIs, and `aud` of the SETs. */
  domain: z.string().min(1).max(255),
  audience: z.string().min(1).max(255),
  parameterSet: z.string(),
  epochSeconds: atLeastOne,
  windowEpochs: z.int().min(1).max(400),
  /** table[age in epochs] / scale; length = windowEpochs, never rising. */
  decay: z.strictObject({ scale: z.int().min(1).max(64), table: z.array(count).min(1).max(400) }),
  weights: z.strictObject({
    abuseReport: z.strictObject({ hubVerified: count, other: count }),
    ban: z.strictObject({ hub: count, roomAdmin: count }),
    kick: count,
    rate: count,
    commend: count,
  }),
  capPerHubAndPseudonym: atLeastOne,
  negative: z.strictObject({ f: count, clip: atLeastOne, threshold: atLeastOne }),
  positive: z.strictObject({ f: count, clip: atLeastOne, threshold: atLeastOne, everyEpochs: atLeastOne }),
  /** f = 0 lets one operator suspend alone: allowed only when said in so many words. */
  acknowledgeNoTrim: z.boolean(),
  minPseudonyms: atLeastOne,
  limits: z.strictObject({
    ticketsPerDay: atLeastOne,
    ticketsPerPeriod: atLeastOne,
    freePseudonyms: atLeastOne,
    maxPseudonyms: atLeastOne,
    setsPerSecond: atLeastOne,
  }),
  release: z.strictObject({ batch: atLeastOne, maxDelaySeconds: count, minAgeDays: count }),
  /** Due times of revocations: force time + Geom(mean ticks), redrawn over the limit; one frame of selector ids a tick. */
  revocation: z.strictObject({
    tickSeconds: z.number().positive(),
    meanTicks: atLeastOne,
    limitTicks: atLeastOne,
    framePerTick: atLeastOne,
  }),
  /** A signal that fits one of these waits for a moderator. */
  hold: z.array(z.strictObject({ hubVerified: z.boolean().optional(), reasons: z.array(z.string()).optional() })).max(32),
  newOperatorDays: count,
  /** So many days a new hub of an operator that is not new weighs nothing either; none without it. */
  newHubDays: count.optional(),
  hubs: z.array(hubEntry).max(2_000),
  moderators: z.array(z.strictObject({ id: name, key: publicKey })).max(1_000),
});
export type PolicyDocument = z.output<typeof policyDocument>;
