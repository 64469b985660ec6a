/**
 * The abuse signals of a hub: SET event types and payloads (RFC 8417; protocol.md §4). Unknown members are ignored (RFC 8417 §2),
 * unknown event types are accepted and ignored. `reporters` is a band, never a count that could name somebody.
 */
import { z } from 'zod';
import { roomUri } from './ids.js';

const prefix = 'urn:nymtally:signal:';
export const eventTypes = {
  abuseReport: `${prefix}abuse-report`,
  ban: `${prefix}ban`,
  unban: `${prefix}unban`,
  kick: `${prefix}kick`,
  rate: `${prefix}rate`,
  commend: `${prefix}commend`,
  retract: `${prefix}retract`,
} as const;
export type EventType = (typeof eventTypes)[keyof typeof eventTypes];

export const reasonCodes = ['spam', 'harassment', 'threat', 'impersonation', 'illegal', 'other'] as const;
/** No control characters (PostgreSQL text has no NUL) and no lone surrogates (UTF-8 has none): a row must say what the token says. */
export const jtiText = z
  .string()
  .min(1)
  .max(128)
  .regex(/^[^\p{Cc}\p{Cs}]+$/u);
const actor = z.enum(['room-admin', 'hub']);

export const eventPayloads = {
  [eventTypes.abuseReport]: z.object({
    reason: z.enum(reasonCodes),
    hubVerified: z.boolean(),
    /** MIMI AbuseReport bytes about `sub_id.uri`, base64url (mimi-protocol-06): kept as evidence, never read as proof of content. */
    abuseReport: z.base64url().max(48_000).optional(),
    /** Where it happened: what the franks of `abuseReport` are checked with. */
    room: roomUri.optional(),
    reporters: z.enum(['1', '2-5', '6-20', '21+']).optional(),
  }),
  [eventTypes.ban]: z.object({
    by: actor,
    durationSeconds: z.int().positive().max(315_360_000).optional(),
    permanent: z.literal(true).optional(),
  }),
  [eventTypes.unban]: z.object({ jti: jtiText }),
  [eventTypes.kick]: z.object({ by: actor }),
  [eventTypes.rate]: z.object({
    metric: z.enum(['joins', 'messages']),
    observed: z.int().nonnegative(),
    limit: z.int().positive(),
    windowSeconds: z.int().positive(),
  }),
  [eventTypes.commend]: z.object({ since: z.iso.date() }),
  [eventTypes.retract]: z.object({ jti: jtiText }),
} as const satisfies Record<EventType, z.ZodType>;

export const isEventType = (type: string): type is EventType => Object.hasOwn(eventPayloads, type);

/** Claims of a SET in our SSF profile (SSF 1.0 §3; protocol.md §4). `sub` and `exp` must be absent, exactly one event. */
export const commonClaims = z.looseObject({
  iss: z.string().max(255),
  aud: z.union([z.string().max(255), z.array(z.string().max(255)).max(8)]),
  iat: z.int().nonnegative(),
  jti: jtiText,
  txn: z.string().max(255).optional(),
  sub: z.never().optional(),
  exp: z.never().optional(),
  events: z
    .record(z.string().max(255), z.record(z.string(), z.unknown()))
    .refine((events) => Object.keys(events).length === 1, 'exactly one event'),
});
export const setClaims = commonClaims.extend({
  sub_id: z.looseObject({ format: z.literal('uri'), uri: z.string().min(1).max(400) }),
});
export type SetClaims = z.output<typeof setClaims>;

/** `err` of a refused SET (RFC 8935 §2.4). */
export const setErrors = [
  'invalid_request',
  'invalid_key',
  'invalid_issuer',
  'invalid_audience',
  'authentication_failed',
  'access_denied',
  /** of a verification event (SSF 1.0 §8.1.4.1) */
  'invalid_state',
] as const;
export type SetError = (typeof setErrors)[number];
export const setMediaType = 'application/secevent+jwt';
export const setMaxBytes = 65_536;
