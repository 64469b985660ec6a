/**
 * An operator's read: a JWT in `Authorization: Bearer`, EdDSA, typ as moderators use (contracts `moderatorRequestType`), claims {iss:
 * operator id, aud: key holder id or the policy's audience, iat}. Pure but for the key table.
 */
import { compactVerify, importJWK } from 'jose';
import { z } from 'zod';
import { moderatorRequestType, toBase64Url } from '#contracts';

const claims = z.looseObject({
  iss: z.string().max(64),
  aud: z.string().max(255),
  iat: z.int(),
});
const maxAgeSeconds = 300;

export interface TokenRules {
  readonly operators: ReadonlyMap<string, Uint8Array>;
  readonly audiences: readonly string[];
  readonly nowMs: number;
}

/** @returns the operator's id, or undefined for whatever does not fit. */
export async function operatorOf(
  authorization: string | undefined,
  { operators, audiences, nowMs }: TokenRules,
): Promise<string | undefined> {
  const [, token] = /^Bearer ([A-Za-z0-9_.-]{1,4096})$/.exec(authorization ?? '') ?? [];
  const claimed = token === undefined ? undefined : claimsOf(token);
  const key = claimed && operators.get(claimed.iss);
  if (!token || !claimed || !key || !audiences.includes(claimed.aud)) return undefined;
  if (Math.abs(nowMs / 1_000 - claimed.iat) > maxAgeSeconds) return undefined;
  try {
    const jwk = await importJWK({ kty: 'OKP', crv: 'Ed25519', x: toBase64Url(key) }, 'EdDSA');
    const { protectedHeader } = await compactVerify(token, jwk, { algorithms: ['EdDSA'] });
    return protectedHeader.typ === moderatorRequestType ? claimed.iss : undefined;
  } catch {
    return undefined;
  }
}

/** Unverified: only says which key to try. */
function claimsOf(token: string): z.output<typeof claims> | undefined {
  try {
    return claims.parse(JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString('utf8')));
  } catch {
    return undefined;
  }
}
