/**
 * A person's read: a JWT in `Authorization: Bearer`, EdDSA, typ as moderators use (contracts `moderatorRequestType`), claims {iss: id of the
 * person, aud: key holder id or the policy's audience, iat}. Any of the person's keys may sign it.
 */
import { compactVerify, importJWK } from 'jose';
import { z } from 'zod';
import type { People } from '#approvals';
import { moderatorRequestType } from '#contracts';

const claims = z.looseObject({ iss: z.string().max(64), aud: z.string().max(255), iat: z.int() });
const maxAgeSeconds = 300;

export interface PersonTokenRules {
  readonly people: People;
  readonly audiences: readonly string[];
  readonly nowMs: number;
}

/** @returns the person's id, or undefined for whatever does not fit. */
export async function personOf(
  authorization: string | undefined,
  { people, audiences, nowMs }: PersonTokenRules,
): Promise<string | undefined> {
  const [, token] = /^Bearer ([A-Za-z0-9_.-]{1,4096})$/.exec(authorization ?? '') ?? [];
  const claimed = token === undefined ? undefined : claimsOf(token);
  if (!token || !claimed || !audiences.includes(claimed.aud)) return undefined;
  if (Math.abs(nowMs / 1_000 - claimed.iat) > maxAgeSeconds) return undefined;
  for (const { key } of people.person(claimed.iss)?.keys ?? []) {
    if (await isSignedWith(token, key)) return claimed.iss;
  }
  return undefined;
}

async function isSignedWith(token: string, key: string): Promise<boolean> {
  try {
    const jwk = await importJWK({ kty: 'OKP', crv: 'Ed25519', x: key }, 'EdDSA');
    const { protectedHeader } = await compactVerify(token, jwk, { algorithms: ['EdDSA'] });
    return protectedHeader.typ === moderatorRequestType;
  } catch {
    return false;
  }
}

/** Unverified: only says whose keys to try. */
function claimsOf(token: string): z.output<typeof claims> | undefined {
  try {
    return claims.parse(JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString('utf8')));
  } catch {
    return undefined;
  }
}
