/** The claims of an authentic SET in our SSF profile (SSF 1.0 §4; protocol.md §4): exact rules, first fault named. Pure. */
import { DAY_MS, eventTypes, jtiText, setClaims } from '#contracts';
import type { HubId } from '#contracts';
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
  for (const name of ['sub', 'exp']) if (name in claims) throw refused(`${name} must not be present`);
  const parsed = setClaims.safeParse(claims);
  if (!parsed.success) throw refused(describe(String(parsed.error.issues[0]?.path[0] ?? 'claims')));
  const { iss, jti, iat, sub_id, events } = parsed.data;
  if (now) requireRecent(iat * 1_000, now.getTime());
  const [eventType, payload] = Object.entries(events)[0]!;
  if (!sub_id.uri.startsWith('mimi://')) throw refused('sub_id.uri must be a mimi URI');
  if (![iss, eventType, sub_id.uri].every(isStorable)) throw refused('a claim holds control characters or broken Unicode');
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

export const isRetraction = (eventType: string): boolean => eventType === eventTypes.retract || eventType === eventTypes.unban;

function requireRecent(issuedMs: number, nowMs: number): void {
  if (issuedMs > nowMs + IAT_AHEAD_MS) throw refused('iat is more than 5 minutes ahead');
  if (issuedMs < nowMs - IAT_BACK_MS) throw refused('iat is more than 7 days back');
}

/** PostgreSQL text has no NUL, and UTF-8 no lone surrogates: stored otherwise, the row would say something else than the token. */
const isStorable = (text: string): boolean => !/[\p{Cc}\p{Cs}]/u.test(text);

const words: Readonly<Record<string, string>> = {
  events: 'events must be an object with exactly one event, whose value is an object',
  sub_id: 'sub_id must be {"format":"uri","uri":"mimi://…"}',
};
const describe = (claim: string): string => words[claim] ?? `${claim} is missing or malformed`;
const refused = (description: string): SetRefused => new SetRefused('invalid_request', description);
