/** Builds and signs a hub's SETs (RFC 8417, SSF 1.0 §4; protocol.md §4): one event each, a fresh `jti`, no `sub`, no `exp`. */
import { SignJWT } from 'jose';
import type { CryptoKey, JWK, KeyObject } from 'jose';
import { eventPayloads } from '#contracts';
import type { EventType } from '#contracts';

export interface HubSigningKey {
  /** as in the provider's policy, or in the hub's JWKS */
  readonly kid: string;
  readonly alg: 'EdDSA' | 'ES256' | 'RS256';
  readonly privateKey: CryptoKey | KeyObject | JWK;
}

/** What is sent, and sent again: the token never changes, so that it counts once. */
export interface SignedSet {
  readonly jti: string;
  /** compact JWS */
  readonly token: string;
}

export interface SetContent {
  readonly issuer: string;
  readonly audience: string;
  /** pseudonym, `mimi://…` */
  readonly uri: string;
  readonly type: EventType;
  readonly payload: object;
  readonly issuedAt: Date;
  /** Fresh and random when left out; 128 characters at most. */
  readonly jti?: string | undefined;
  /** The same for all SETs of one cause (RFC 8417 §2.2). */
  readonly txn?: string | undefined;
}

/** @throws TypeError when the payload does not fit its type: the provider would take and ignore it. */
export async function signSet(key: HubSigningKey, content: SetContent): Promise<SignedSet> {
  const { issuer, audience, uri, type, issuedAt, jti = crypto.randomUUID(), txn } = content;
  const payload = eventPayloads[type].safeParse(content.payload);
  if (!payload.success) throw new TypeError(`${type}: ${payload.error.issues[0]?.path.join('.') ?? 'payload'} does not fit`);
  const claims = { sub_id: { format: 'uri', uri }, events: { [type]: payload.data }, ...(txn !== undefined && { txn }) };
  const token = await new SignJWT(claims)
    .setProtectedHeader({ typ: 'secevent+jwt', alg: key.alg, kid: key.kid })
    .setIssuer(issuer)
    .setAudience(audience)
    .setIssuedAt(issuedAt)
    .setJti(jti)
    .sign(key.privateKey);
  return { jti, token };
}
