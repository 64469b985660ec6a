/**
 * Whose word is it? Moderators stand in the signed policy, operators in the registry of people; a statement is signed by one of them and
 * used once (protocol.md §7). Reads carry a short-lived token. Pure but for the token's check.
 */
import { createPublicKey } from 'node:crypto';
import { decodeJwt, jwtVerify } from 'jose';
import type { People } from '#approvals';
import { canonicalBytes, frame, fromBase64Url, labels, moderatorRequestType, Problem } from '#contracts';
import type { PolicyDocument, Signed, Statement } from '#contracts';
import { isSignedBy } from '#platform';

/** A statement is first brought within these days of its date, so that an old one cannot come back once its record is gone. */
export const STATEMENT_DAYS = 7;
const TOKEN_MINUTES = 5;

const moderatorKey = ({ moderators }: PolicyDocument, id: string): Uint8Array | undefined => {
  const moderator = moderators.find((one) => one.id === id);
  return moderator && fromBase64Url(moderator.key);
};

/** Moderators sign every kind of statement here; operators reinstatements only. @throws Problem not-permitted */
export function requireSigner({ statement, signature }: Signed<Statement>, policy: PolicyDocument, people: People): void {
  const message = frame(labels.statement, canonicalBytes(statement));
  const keys = [
    moderatorKey(policy, statement.by),
    ...(statement.type === 'reinstate' ? people.keysFor(statement.by, 'operator') : []),
  ];
  if (!keys.some((key) => key !== undefined && isSignedBy(key, message, signature))) throw new Problem('not-permitted');
}

/** @throws Problem request-malformed */
export function requireRecent({ day }: Statement, today: number): void {
  if (Math.abs(day - today) > STATEMENT_DAYS)
    throw new Problem('request-malformed', { detail: `body.statement.day must be within ${STATEMENT_DAYS} days` });
}

/** @param authorization `Bearer` JWT of a moderator, typ `nymtally-moderator+jwt`. @throws Problem not-authenticated */
export async function requireModerator(authorization: string | undefined, policy: PolicyDocument, now: Date): Promise<void> {
  try {
    const token = /^Bearer ([A-Za-z0-9_.-]{1,4096})$/i.exec(authorization ?? '')?.[1] ?? '';
    const { iss = '' } = decodeJwt(token);
    const raw = moderatorKey(policy, iss);
    if (!raw) throw new Problem('not-authenticated');
    const key = createPublicKey({
      key: { kty: 'OKP', crv: 'Ed25519', x: Buffer.from(raw).toString('base64url') },
      format: 'jwk',
    });
    await jwtVerify(token, key, {
      algorithms: ['EdDSA'],
      typ: moderatorRequestType,
      issuer: iss,
      audience: policy.audience,
      currentDate: now,
      maxTokenAge: `${TOKEN_MINUTES} minutes`,
      clockTolerance: `${TOKEN_MINUTES} minutes`,
    });
  } catch {
    throw new Problem('not-authenticated');
  }
}
