/** What a person signs with their own key: a statement (used once), or a short-lived token for a read. Pure but for randomness. */
import { createPrivateKey, randomBytes } from 'node:crypto';
import { SignJWT } from 'jose';
import type { JWTPayload } from 'jose';
import { canonicalBytes, frame, labels, moderatorRequestType, toBase64Url } from '#contracts';
import type { Signed, Statement } from '#contracts';
import type { Signer } from './session.js';

/** What a statement says, without what is the same for all; of each kind of a union by itself. */
export type Chosen<S extends Statement> = S extends Statement ? Omit<S, 'v' | 'id' | 'by' | 'day'> : never;

/** A statement by this person, of this day, one of a kind. `day` counts from 1970-01-01. */
export function signStatement<S extends Statement>({ id, key }: Signer, chosen: Chosen<S>, day: number): Signed<S> {
  const statement = { v: 1, id: toBase64Url(randomBytes(16)), by: id, day, ...(chosen as object) } as unknown as S;
  return { statement, signature: toBase64Url(key.sign(frame(labels.statement, canonicalBytes(statement)))) };
}

/** For the routes that only read: who asks, signed, good for a few minutes. @param about what is asked, where the route wants it signed */
export function readToken({ id, key }: Signer, audience: string, now: Date, about: JWTPayload = {}): Promise<string> {
  return new SignJWT({ ...about, iss: id, aud: audience, iat: Math.floor(now.getTime() / 1_000) })
    .setProtectedHeader({ alg: 'EdDSA', typ: moderatorRequestType })
    .sign(createPrivateKey(key.toPem()));
}
