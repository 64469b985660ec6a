/**
 * Streams of the provider's notices to hubs: OpenID Shared Signals Framework 1.0 (§7 metadata, §8 API), RFC 8935 and RFC 8936, with the
 * CAEP and RISC events we send. Members that only the transmitter supplies are compared, never taken; members nobody knows are ignored.
 */
import { z } from 'zod';
import { jtiText } from './events.js';

const ssf = 'https://schemas.openid.net/secevent/ssf/event-type/';
const caep = 'https://schemas.openid.net/secevent/caep/event-type/';
const risc = 'https://schemas.openid.net/secevent/risc/event-type/';

/** About a pseudonym; what a stream may ask for. */
export const noticeTypes = {
  credentialChange: `${caep}credential-change`,
  accountDisabled: `${risc}account-disabled`,
  accountEnabled: `${risc}account-enabled`,
} as const;
export type NoticeType = (typeof noticeTypes)[keyof typeof noticeTypes];
/** About the stream itself (SSF 1.0 §8.1.4, §8.1.5); sent whatever was asked for. */
export const streamEventTypes = { verification: `${ssf}verification`, streamUpdated: `${ssf}stream-updated` } as const;

export const deliveryMethods = { push: 'urn:ietf:rfc:8935', poll: 'urn:ietf:rfc:8936' } as const;
export const streamScopes = { manage: 'ssf.manage', read: 'ssf.read' } as const;
export const signingAlgorithms = ['EdDSA', 'ES256', 'RS256'] as const;
export type SigningAlgorithm = (typeof signingAlgorithms)[number];
export const streamStatuses = ['enabled', 'paused', 'disabled'] as const;
export type StreamStatus = (typeof streamStatuses)[number];

/** PostgreSQL text has no NUL, and a header no line. */
const printable = (most: number) =>
  z
    .string()
    .max(most)
    .regex(/^[^\p{Cc}\p{Cs}]*$/u);
const streamId = z.string().min(1).max(64);

const pushDelivery = z.object({
  method: z.literal(deliveryMethods.push),
  endpoint_url: printable(2_048),
  /** Value of `Authorization` at each push. */
  authorization_header: z
    .string()
    .max(4_096)
    .regex(/^[\x20-\x7e]+$/)
    .optional(),
});
const pollDelivery = z.object({ method: z.literal(deliveryMethods.poll), endpoint_url: printable(2_048).optional() });
export const streamDelivery = z.discriminatedUnion('method', [pushDelivery, pollDelivery]);
export type StreamDelivery = z.output<typeof streamDelivery>;

/** What the receiver may supply. `signing_alg` is ours: which of the transmitter's keys signs. */
const receiverSupplied = {
  delivery: streamDelivery.optional(),
  events_requested: z.array(printable(255)).max(64).optional(),
  description: printable(255).optional(),
  signing_alg: z.enum(signingAlgorithms).optional(),
};
/** What it may repeat and never change. */
const transmitterSupplied = {
  iss: z.string().optional(),
  aud: z.union([z.string(), z.array(z.string())]).optional(),
  events_supported: z.array(z.string()).optional(),
  events_delivered: z.array(z.string()).optional(),
  min_verification_interval: z.number().optional(),
};
export const streamCreation = z.object(receiverSupplied);
export type StreamCreation = z.output<typeof streamCreation>;
/** Of PATCH (what is absent stays) and PUT (what is absent goes). */
export const streamChange = z.object({ stream_id: streamId, ...receiverSupplied, ...transmitterSupplied });
export type StreamChange = z.output<typeof streamChange>;

export const streamConfiguration = z.object({
  stream_id: streamId,
  iss: z.string(),
  aud: z.string(),
  events_supported: z.array(z.string()),
  events_requested: z.array(z.string()).optional(),
  events_delivered: z.array(z.string()),
  delivery: z.object({ method: z.string(), endpoint_url: z.string(), authorization_header: z.string().optional() }),
  min_verification_interval: z.int(),
  description: z.string().optional(),
  signing_alg: z.enum(signingAlgorithms),
});
export type StreamConfiguration = z.output<typeof streamConfiguration>;

export const streamStatus = z.object({
  stream_id: streamId,
  status: z.enum(streamStatuses),
  reason: printable(255).optional(),
});
export type StreamStatusAnswer = z.output<typeof streamStatus>;

/** RFC 9493: any form is taken; `uri` and `iss_sub` can name a pseudonym. */
const subjectIdentifier = z.looseObject({ format: z.string().min(1).max(64) }).refine(({ format, ...members }) => {
  const text = (name: string) => typeof members[name] === 'string' && members[name] !== '';
  if (format === 'uri') return text('uri');
  if (format === 'iss_sub') return text('iss') && text('sub');
  return Object.keys(members).length > 0;
}, 'must have the members of its format');
export type SubjectIdentifier = z.output<typeof subjectIdentifier>;
export const subjectAddition = z.object({ stream_id: streamId, subject: subjectIdentifier, verified: z.boolean().optional() });
export const subjectRemoval = z.object({ stream_id: streamId, subject: subjectIdentifier });
export const verificationRequest = z.object({ stream_id: streamId, state: printable(1_024).optional() });

/** RFC 8936 §2.4. */
export const pollRequest = z.object({
  maxEvents: z.int().nonnegative().optional(),
  returnImmediately: z.boolean().optional(),
  ack: z.array(jtiText).max(10_000).optional(),
  setErrs: z
    .record(jtiText, z.object({ err: printable(64), description: z.string().optional() }))
    .refine((errors) => Object.keys(errors).length <= 10_000)
    .optional(),
});
export type PollRequest = z.output<typeof pollRequest>;
export const pollAnswer = z.object({ sets: z.record(z.string(), z.string()), moreAvailable: z.boolean().optional() });
export type PollAnswer = z.output<typeof pollAnswer>;
/** What another's transmitter answers: one value that is no SET must not spoil the others. */
export const polledSets = z.object({ sets: z.record(z.string(), z.unknown()), moreAvailable: z.boolean().optional() });

/** What became of a stream's SETs; without their subjects, which the receiver knows by `jti`. */
export const deliveryOutcomes = ['delivered', 'refused', 'dropped', 'superseded', 'expired'] as const;
export type DeliveryOutcome = (typeof deliveryOutcomes)[number];
export const deliveryLog = z.object({
  waiting: z.int(),
  dead: z.int(),
  /** Newest days first, 1,000 at most. */
  deliveries: z.array(
    z.object({
      jti: z.string(),
      event: z.string(),
      outcome: z.enum(deliveryOutcomes),
      err: z.string().optional(),
      day: z.int(),
    }),
  ),
});
export type DeliveryLog = z.output<typeof deliveryLog>;

export const transmitterMetadata = z.object({
  spec_version: z.literal('1_0'),
  issuer: z.string(),
  jwks_uri: z.string(),
  delivery_methods_supported: z.array(z.string()),
  configuration_endpoint: z.string(),
  status_endpoint: z.string(),
  add_subject_endpoint: z.string(),
  remove_subject_endpoint: z.string(),
  verification_endpoint: z.string(),
  authorization_schemes: z.array(z.object({ spec_urn: z.string() })),
  default_subjects: z.literal('NONE'),
  /** Ours: what `signing_alg` of a stream may be. */
  signing_alg_values_supported: z.array(z.enum(signingAlgorithms)),
});
export type TransmitterMetadata = z.output<typeof transmitterMetadata>;
