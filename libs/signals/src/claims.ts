/** The claims of an authentic SET in our SSF profile (SSF 1.0 §4; protocol.md §4): exact rules, first fault named. Pure. */
import { DAY_MS, eventTypes, jtiText, setClaims } from '#contracts';
import type { HubId } from '#contracts';
import type { z } from 'zod';
import { SetRefused } from './signal.js';
import type { AbuseSignal } from './signal.js';

/** How far `iat` may be off, both ends included. */
export const IAT_AHEAD_MS = 5 * 60_000;
export const IAT_BACK_MS = 7 * DAY_MS;

/** @throws SetRefused `invalid_audience`: RFC 7519 §4.1.3, one string or several */
export function requireAudience(claims: Readonly<Record<string, unknown>>, audience: string): void {
  const { aud } = claims;
  if (!(Array.isArray(aud) ? aud : [aud]).includes(audience))
    throw new SetRefused('invalid_audience', 'aud does not name this receiver');
}

/** @param now `undefined` leaves the age of `iat` alone: for who verifies a stored SET later. @throws SetRefused `invalid_request` */
export function readClaims(claims: Readonly<Record<string, unknown>>, now: Date | undefined): AbuseSignal {
  const { iss, jti, iat, sub_id, events } = claimsOf(setClaims, claims, now);
  const [eventType, payload] = Object.entries(events)[0]!;
  if (!sub_id.uri.startsWith('mimi://')) throw refused('sub_id.uri must be a mimi URI');
  requireStorable(iss, eventType, sub_id.uri);
  const names = isRetraction(eventType) ? jtiText.safeParse(payload['jti']).data : undefined;
  return {
    hub: iss as HubId,
    jti,
    uri: sub_id.uri,
    eventType,
    payload,
    issuedAt: iat,
    ...(names !== undefined && { names }),
  };
}

/** The profile that all our SETs have in common. @throws SetRefused `invalid_request` */
export function claimsOf<T extends z.ZodType<{ iat: number }>>(
  profile: T,
  claims: Readonly<Record<string, unknown>>,
  now: Date | undefined,
): z.output<T> {
  for (const name of ['sub', 'exp']) if (name in claims) throw refused(`${name} must not be present`);
  const parsed = profile.safeParse(claims);
  if (!parsed.success) throw refused(describe(String(parsed.error.issues[0]?.path[0] ?? 'claims')));
  if (now) requireRecent(parsed.data.iat * 1_000, now.getTime());
  return parsed.data;
}

export const isRetraction = (eventType: string): boolean => eventType === eventTypes.retract || eventType === eventTypes.unban;

function requireRecent(issuedMs: number, nowMs: number): void {
  if (issuedMs > nowMs + IAT_AHEAD_MS) throw refused('iat is more than 5 minutes ahead');
  if (issuedMs < nowMs - IAT_BACK_MS) throw refused('iat is more than 7 days back');
}

/** PostgreSQL text has no NUL, and UTF-8 no lone surrogates: stored otherwise, the row would say something else than the token. */
export function requireStorable(...texts: readonly string[]): void {
  if (texts.some((text) => /[\p{Cc}\p{Cs}]/u.test(text))) throw refused('a claim holds control characters or broken Unicode');
}

const words: Readonly<Record<string, string>> = {
  events: 'events must be an object with exactly one event, whose value is an object',
  sub_id: 'sub_id must be {"format":"uri","uri":"mimi://…"}, of a stream event {"format":"opaque","id":<stream id>}',
};
const describe = (claim: string): string => words[claim] ?? `${claim} is missing or malformed`;
export const refused = (description: string): SetRefused => new SetRefused('invalid_request', description);
