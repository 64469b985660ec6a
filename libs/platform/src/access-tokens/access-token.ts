/**
 * An access token of an authorization server outside (RFC 9068, RFC 6750 §2.1), verified by its published keys. Algorithms are a fixed
 * list of asymmetric ones, so a token without signature, or one "signed" with a public key, is never looked at. Whose it is and what it
 * may do is the caller's to read from the claims.
 */
import { createRemoteJWKSet, errors, jwtVerify } from 'jose';
import type { JWTPayload, JWTVerifyGetKey } from 'jose';
import { Problem } from '#contracts';
import type { Clock } from '../clock.js';

const algorithms = ['RS256', 'ES256', 'EdDSA'];
/** Other typed JWTs (SETs, logout tokens) are no access tokens, whoever signed them (RFC 8725 §3.11). */
const types = new Set([undefined, 'jwt', 'at+jwt', 'application/at+jwt']);
const LONGEST_TOKEN = 8_192;
export const TOKEN_SKEW_SECONDS = 30;

export interface TokenRules {
  readonly issuer: string;
  readonly audience: string;
  readonly clock: Clock;
}

/** Keys of the server: fetched when needed, again on an unknown `kid`, at most every 30 s. */
export const remoteTokenKeys = (jwksUrl: string): JWTVerifyGetKey =>
  createRemoteJWKSet(new URL(jwksUrl), { cooldownDuration: 30_000, cacheMaxAge: 600_000, timeoutDuration: 5_000 });

/**
 * Claims of the token in an `Authorization` header.
 * @throws Problem not-authenticated; service-unavailable when the keys cannot be had
 */
export async function verifyAccessToken(
  authorization: string | undefined,
  keys: JWTVerifyGetKey,
  { issuer, audience, clock }: TokenRules,
  requiredClaims: readonly string[],
): Promise<JWTPayload> {
  const token = /^Bearer ([A-Za-z0-9_.-]+)$/i.exec(authorization ?? '')?.[1];
  if (token === undefined || token.length > LONGEST_TOKEN) throw new Problem('not-authenticated');
  const options = { algorithms, issuer, audience, currentDate: clock.now(), requiredClaims: ['exp', ...requiredClaims] };
  try {
    const { payload, protectedHeader } = await jwtVerify(token, keys, { ...options, clockTolerance: TOKEN_SKEW_SECONDS });
    if (!types.has(protectedHeader.typ?.toLowerCase())) throw new Problem('not-authenticated');
    return payload;
  } catch (error) {
    throw keysAreAway(error) ? new Problem('service-unavailable', { retryAfterMs: 5_000 }) : new Problem('not-authenticated');
  }
}

/** The token may be good, but nobody can tell now: the key set timed out, or was no key set, or the connection failed. */
const keysAreAway = (error: unknown): boolean =>
  error instanceof errors.JWKSTimeout ||
  error instanceof errors.JWKSInvalid ||
  (error instanceof errors.JOSEError && error.code === 'ERR_JOSE_GENERIC') ||
  (error instanceof TypeError && error.message === 'fetch failed');
