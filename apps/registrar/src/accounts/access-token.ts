/**
 * Who calls: an access token of the provider's identity system (RFC 9068; OpenID Connect), verified by its published keys. Algorithms
 * are a fixed list of asymmetric ones, so a token without signature, or one "signed" with a public key, is never looked at.
 */
import { createRemoteJWKSet, errors, jwtVerify } from 'jose';
import type { JWTVerifyGetKey } from 'jose';
import { Problem } from '#contracts';
import type { Clock } from '#platform';

/** `sub` of the identity provider. Stays on this side: no route that can carry a pseudonym takes one. */
export type AccountId = string & { readonly __brand: 'AccountId' };

const algorithms = ['RS256', 'ES256', 'EdDSA'];
/** Other typed JWTs (SETs, logout tokens) are no access tokens, whoever signed them (RFC 8725 §3.11). */
const types = new Set([undefined, 'jwt', 'at+jwt', 'application/at+jwt']);
const LONGEST_TOKEN = 8_192;
const LONGEST_SUBJECT = 255;
const CLOCK_SKEW_SECONDS = 30;

export interface TokenRules {
  readonly issuer: string;
  readonly audience: string;
  readonly clock: Clock;
}

/** Keys of the identity provider: fetched when needed, again on an unknown `kid`, at most every 30 s. */
export const remoteKeys = (jwksUrl: string): JWTVerifyGetKey =>
  createRemoteJWKSet(new URL(jwksUrl), { cooldownDuration: 30_000, cacheMaxAge: 600_000, timeoutDuration: 5_000 });

export class AccessTokens {
  constructor(
    private readonly keys: JWTVerifyGetKey,
    private readonly rules: TokenRules,
  ) {}

  /** From an `Authorization` header. Throws Problem not-authenticated; service-unavailable when the keys cannot be had. */
  async accountOf(authorization: string | undefined): Promise<AccountId> {
    const token = /^Bearer ([A-Za-z0-9_.-]+)$/i.exec(authorization ?? '')?.[1];
    if (token === undefined || token.length > LONGEST_TOKEN) throw new Problem('not-authenticated');
    const { issuer, audience, clock } = this.rules;
    const options = { algorithms, issuer, audience, currentDate: clock.now(), requiredClaims: ['exp', 'sub'] };
    try {
      const verified = await jwtVerify(token, this.keys, { ...options, clockTolerance: CLOCK_SKEW_SECONDS });
      const { sub } = verified.payload;
      if (!types.has(verified.protectedHeader.typ?.toLowerCase())) throw new Problem('not-authenticated');
      if (!sub || sub.length > LONGEST_SUBJECT || sub.includes('\0')) throw new Problem('not-authenticated');
      return sub as AccountId;
    } catch (error) {
      throw keysAreAway(error) ? new Problem('service-unavailable', { retryAfterMs: 5_000 }) : new Problem('not-authenticated');
    }
  }
}

/** The token may be good, but nobody can tell now: the key set timed out, or was no key set, or the connection failed. */
const keysAreAway = (error: unknown): boolean =>
  error instanceof errors.JWKSTimeout ||
  error instanceof errors.JWKSInvalid ||
  (error instanceof errors.JOSEError && error.code === 'ERR_JOSE_GENERIC') ||
  (error instanceof TypeError && error.message === 'fetch failed');
