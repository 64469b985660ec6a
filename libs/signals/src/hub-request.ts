/**
 * A question of a hub, signed with the same keys as its SETs: a JWT that is good for minutes and names its purpose by `typ`, so that
 * it can never pass for a SET, nor a SET for it (RFC 8725 §3.11).
 */
import { requireAudience } from './claims.js';
import { parseJws } from './compact-jws.js';
import { SetRefused } from './signal.js';
import { authenticate, requireActive } from './verify-set.js';
import type { KnownHub, SetRules } from './verify-set.js';

/** `iat` may be off by this much either way. */
const AGE_MS = 5 * 60_000;

export interface HubRequest {
  readonly hub: KnownHub;
  readonly claims: Readonly<Record<string, unknown>>;
}

/** @throws SetRefused; `access_denied` for a suspended hub */
export async function verifyHubRequest(
  token: string,
  type: string,
  rules: Omit<SetRules, 'now'> & { readonly now: Date },
): Promise<HubRequest> {
  const parsed = parseJws(token, type);
  const { hub } = await authenticate(parsed, rules);
  requireAudience(parsed.claims, rules.audience);
  const { iat } = parsed.claims;
  if (typeof iat !== 'number' || !(Math.abs(iat * 1_000 - rules.now.getTime()) <= AGE_MS)) {
    throw new SetRefused('invalid_request', 'iat must be within 5 minutes');
  }
  requireActive(hub);
  return { hub, claims: parsed.claims };
}
