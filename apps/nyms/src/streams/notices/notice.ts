/**
 * What a hub is told about a pseudonym (SSF 1.0 §4; CAEP 1.0, RISC 1.0): one event a SET, no `sub`, no `exp`, and nothing that SETs about
 * two pseudonyms could share. The hour is all the time in it. Pure but for the random ids.
 */
import { randomBytes } from 'node:crypto';
import { noticeTypes, streamEventTypes, toBase64Url } from '#contracts';
import type { NoticeType } from '#contracts';

export type Change = 'revoked' | 'disabled' | 'enabled';
export interface ChangedPseudonym {
  readonly uri: string;
  readonly change: Change;
}

export const HOUR_MS = 3_600_000;
export const hourOf = (time: Date): number => Math.floor(time.getTime() / HOUR_MS);

/** An end for good is an end of the credential, too; a term is none. */
export const noticesOf: Readonly<Record<Change, readonly NoticeType[]>> = {
  revoked: [noticeTypes.credentialChange, noticeTypes.accountDisabled],
  disabled: [noticeTypes.accountDisabled],
  enabled: [noticeTypes.accountEnabled],
};

/** The same words for every cause: why a pseudonym ended is nobody's to learn here. */
const payloads: Readonly<Record<NoticeType, object>> = {
  [noticeTypes.credentialChange]: {
    credential_type: 'x509',
    change_type: 'revoke',
    initiating_entity: 'policy',
    reason_admin: { en: 'The provider no longer vouches for this pseudonym.' },
  },
  [noticeTypes.accountDisabled]: {},
  [noticeTypes.accountEnabled]: {},
};

export interface Envelope {
  readonly iss: string;
  readonly aud: string;
}

/** 16 random bytes. */
export const freshId = (): string => toBase64Url(Uint8Array.from(randomBytes(16)));

export interface NoticeContent extends Envelope {
  readonly uri: string;
  /** How the hub named the subject (RFC 9493). */
  readonly format: string;
  readonly type: NoticeType;
  readonly jti: string;
  /** Shared by the SETs of one change of one pseudonym to one hub, and by no others. */
  readonly txn: string;
  readonly hour: number;
}

export const noticeClaims = ({ iss, aud, uri, format, type, jti, txn, hour }: NoticeContent) => ({
  iss,
  aud,
  iat: (hour * HOUR_MS) / 1_000,
  jti,
  txn,
  sub_id: format === 'iss_sub' ? { format, iss, sub: uri } : { format: 'uri', uri },
  events: { [type]: payloads[type] },
});

/** About the stream itself: no pseudonym, so the second may stand there. */
export const streamEventClaims = (
  { iss, aud }: Envelope,
  stream: string,
  jti: string,
  kind: keyof typeof streamEventTypes,
  payload: object,
  now: Date,
) => ({
  iss,
  aud,
  iat: Math.floor(now.getTime() / 1_000),
  jti,
  txn: freshId(),
  sub_id: { format: 'opaque', id: stream },
  events: { [streamEventTypes[kind]]: payload },
});
