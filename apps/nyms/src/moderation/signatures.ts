/**
 * Whose word is it? Moderators stand in the signed policy, operators in the registry of people; a statement is signed by one of them and
 * used once (protocol.md §7). Reads carry a short-lived token. Pure but for the token's check.
 */
import { createPublicKey } from 'node:crypto';
import { decodeJwt, jwtVerify } from 'jose';
import type { JWTPayload } from 'jose';
import type { People } from '#approvals';
import { canonicalBytes, frame, fromBase64Url, labels, moderatorCase, moderatorRequestType, Problem } from '#contracts';
import type { PolicyDocument, Signed, Statement } from '#contracts';
import { isSignedBy } from '#platform';

/** A statement is first brought within these days of its date, so that an old one cannot come back once its record is gone. */
export const STATEMENT_DAYS = 7;
const TOKEN_MINUTES = 5;

const keysOfModerator = ({ moderators }: PolicyDocument, id: string): Uint8Array[] =>
  moderators.flatMap((one) => (one.id === id ? [fromBase64Url(one.key)] : []));

/** Moderators sign every kind of statement here; operators reinstatements only. @throws Problem not-permitted */
export function requireSigner({ statement, signature }: Signed<Statement>, policy: PolicyDocument, people: People): void {
  const message = frame(labels.statement, canonicalBytes(statement));
  const keys = [
    ...keysOfModerator(policy, statement.by),
    ...(statement.type === 'reinstate' ? people.keysFor(statement.by, 'operator') : []),
  ];
  if (!keys.some((key) => isSignedBy(key, message, signature))) throw new Problem('not-permitted');
}

/** @throws Problem request-malformed */
export function requireRecent({ day }: Statement, today: number): void {
  if (Math.abs(day - today) > STATEMENT_DAYS)
    throw new Problem('request-malformed', { detail: `body.statement.day must be within ${STATEMENT_DAYS} days` });
}

interface Asked {
  readonly policy: PolicyDocument;
  readonly now: Date;
}

/** @param authorization `Bearer` JWT of a moderator, typ `nymtally-moderator+jwt`. @returns its claims. @throws Problem not-authenticated */
export function requireModerator(authorization: string | undefined, { policy, now }: Asked): Promise<JWTPayload> {
  const keysOf = (id: string) => keysOfModerator(policy, id);
  return claimsOf(authorization, keysOf, policy.audience, now);
}

/** The same for one pseudonym (`sub_id`) and a case of theirs. @throws Problem not-authenticated; request-malformed without a case */
export async function requireCase(uri: string, authorization: string | undefined, asked: Asked): Promise<void> {
  const claims = await requireModerator(authorization, asked);
  if ((claims['sub_id'] as { uri?: unknown } | undefined)?.uri !== uri) throw new Problem('not-authenticated');
  if (!moderatorCase.safeParse(claims['case']).success)
    throw new Problem('request-malformed', { detail: 'the token names no case' });
}

/** The same of a moderator or an operator. @throws Problem not-authenticated */
export function requireReader(
  authorization: string | undefined,
  { policy, people, now }: Asked & { readonly people: People },
): Promise<JWTPayload> {
  const keysOf = (id: string) => [...keysOfModerator(policy, id), ...people.keysFor(id, 'operator')];
  return claimsOf(authorization, keysOf, policy.audience, now);
}

async function claimsOf(
  authorization: string | undefined,
  keysOf: (id: string) => readonly Uint8Array[],
  audience: string,
  now: Date,
): Promise<JWTPayload> {
  const token = /^Bearer ([A-Za-z0-9_.-]{1,4096})$/i.exec(authorization ?? '')?.[1] ?? '';
  for (const raw of keysOf(issuerOf(token))) {
    try {
      const x = Buffer.from(raw).toString('base64url');
      const { payload } = await jwtVerify(token, createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' }), {
        algorithms: ['EdDSA'],
        typ: moderatorRequestType,
        audience,
        currentDate: now,
        maxTokenAge: `${TOKEN_MINUTES} minutes`,
        clockTolerance: `${TOKEN_MINUTES} minutes`,
      });
      return payload;
    } catch {
      // another of their keys may fit
    }
  }
  throw new Problem('not-authenticated');
}

function issuerOf(token: string): string {
  try {
    return decodeJwt(token).iss ?? '';
  } catch {
    throw new Problem('not-authenticated');
  }
}
