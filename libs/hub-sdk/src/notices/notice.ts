/**
 * What a provider tells a hub about one pseudonym (CAEP 1.0, RISC 1.0) or about the stream itself (SSF 1.0 §8.1.4, §8.1.5), read from
 * the claims of a verified SET. One event each; members and events nobody here knows are no fault. Pure.
 */
import { z } from 'zod';
import { jtiText, noticeTypes, streamEventTypes, streamStatuses } from '#contracts';
import type { StreamStatus } from '#contracts';
import { NoticeRefused } from '../errors.js';

export interface PseudonymNotice {
  /** `revoked`: ended for good; `disabled`: not valid until further notice; `enabled`: valid again. */
  readonly kind: 'revoked' | 'disabled' | 'enabled';
  readonly pseudonym: string;
  readonly jti: string;
}
export interface VerificationNotice {
  readonly kind: 'verification';
  readonly stream: string;
  /** As given to `StreamClient.verify`; none when nobody asked. */
  readonly state?: string;
  readonly jti: string;
}
export interface StreamNotice {
  readonly kind: 'stream-updated';
  readonly stream: string;
  readonly status: StreamStatus;
  readonly reason?: string;
  readonly jti: string;
}
/** An event of another type, or of a change that says nothing about validity. */
export interface OtherNotice {
  readonly kind: 'other';
  readonly type: string;
  readonly jti: string;
}
export type Notice = PseudonymNotice | VerificationNotice | StreamNotice | OtherNotice;

const LONGEST_URI = 400;

const noticeClaims = z.looseObject({
  jti: jtiText,
  iat: z.int().nonnegative(),
  sub: z.never('must be absent').optional(),
  exp: z.never('must be absent').optional(),
  sub_id: z.looseObject({ format: z.string() }),
  events: z
    .record(z.string().max(255), z.record(z.string(), z.unknown()))
    .refine((events) => Object.keys(events).length === 1, 'must be exactly one event'),
});
const revocation = z.object({ change_type: z.literal('revoke') });
const verification = z.object({ state: z.string().max(1_024).optional() });
const update = z.object({ status: z.enum(streamStatuses), reason: z.string().max(1_024).optional() });

/** @throws NoticeRefused `invalid_request` */
export function readNotice(claims: unknown): Notice {
  const { jti, sub_id: subject, events } = fitting(noticeClaims, claims);
  const [[type, payload]] = Object.entries(events) as [[string, unknown]];
  switch (type) {
    case noticeTypes.credentialChange:
      return revocation.safeParse(payload).success
        ? { kind: 'revoked', pseudonym: pseudonymOf(subject), jti }
        : { kind: 'other', type, jti };
    case noticeTypes.accountDisabled:
      return { kind: 'disabled', pseudonym: pseudonymOf(subject), jti };
    case noticeTypes.accountEnabled:
      return { kind: 'enabled', pseudonym: pseudonymOf(subject), jti };
    case streamEventTypes.verification: {
      const { state } = fitting(verification, payload);
      return { kind: 'verification', stream: streamOf(subject), ...(state !== undefined && { state }), jti };
    }
    case streamEventTypes.streamUpdated: {
      const { status, reason } = fitting(update, payload);
      return { kind: 'stream-updated', stream: streamOf(subject), status, ...(reason !== undefined && { reason }), jti };
    }
    default:
      return { kind: 'other', type, jti };
  }
}

/** A hub names its subjects by URI, or by issuer and URI (RFC 9493 §3.2.3, §3.2.7). */
function pseudonymOf(subject: { readonly format: string; readonly [member: string]: unknown }): string {
  const uri = subject.format === 'uri' ? subject['uri'] : subject.format === 'iss_sub' ? subject['sub'] : undefined;
  if (typeof uri !== 'string' || uri === '' || uri.length > LONGEST_URI)
    throw new NoticeRefused('invalid_request', 'sub_id names no pseudonym');
  return uri;
}

function streamOf(subject: { readonly format: string; readonly [member: string]: unknown }): string {
  const { format, id } = subject;
  if (format !== 'opaque' || typeof id !== 'string') throw new NoticeRefused('invalid_request', 'sub_id names no stream');
  return id;
}

function fitting<T>(shape: z.ZodType<T>, value: unknown): T {
  const parsed = shape.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new NoticeRefused('invalid_request', `${issue?.path.join('.') || 'the event'}: ${issue?.message ?? 'does not fit'}`);
}
