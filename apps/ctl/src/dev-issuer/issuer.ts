/**
 * A stand-in for the provider's identity system and authorization server: access tokens (RFC 9068) for any subject who is asked for, for
 * hubs that show their key, and the JWKS that verifies them. For development: it serves plain http, which production refuses.
 */
import { createPublicKey, randomUUID } from 'node:crypto';
import { exportJWK, importPKCS8, SignJWT } from 'jose';
import type { JSONWebKeySet } from 'jose';
import { kidOf } from '#platform';
import { grantedTo } from './client-credentials.js';
import type { GrantRules } from './client-credentials.js';
import type { NamedKey } from '../stack/keys.js';

export interface DevIssuer {
  readonly issuer: string;
  readonly audience: string;
  jwks(): Promise<JSONWebKeySet>;
  /** An access token of `subject`, valid for `seconds`; `claims` replace what it would say. */
  mint(
    subject: string,
    options?: { readonly seconds?: number; readonly claims?: Readonly<Record<string, unknown>> },
  ): Promise<string>;
  /** An access token for a hub's streams, for a client-credentials request (RFC 6749 §4.4). @throws GrantRefused */
  grant(form: URLSearchParams): Promise<{ readonly token: string; readonly scope: string }>;
}

export interface DevIssuerOptions {
  readonly issuer: string;
  readonly audience: string;
  readonly key: NamedKey['key'];
  /** Whole days added to the time, as the service's own clocks. */
  readonly clockOffsetDays?: number;
  /** Of tokens for streams: nyms. */
  readonly streamAudience?: string;
  /** Hubs of the policy, by id; none by default. */
  readonly clientKeys?: GrantRules['clientKeys'];
}

const algorithm = 'EdDSA';

export function devIssuer(options: DevIssuerOptions): DevIssuer {
  const { issuer, audience, key, clockOffsetDays = 0, streamAudience = audience, clientKeys = () => undefined } = options;
  const nowSeconds = () => Math.floor(Date.now() / 1_000) + clockOffsetDays * 86_400;
  const kid = kidOf(key.publicKey);
  const signer = importPKCS8(key.toPem(), algorithm);
  const mint: DevIssuer['mint'] = async (subject, { seconds = 3_600, claims = {} } = {}) => {
    const now = nowSeconds();
    const standard = { iss: issuer, aud: audience, sub: subject, client_id: 'nymtally-dev', iat: now, exp: now + seconds };
    return new SignJWT({ ...standard, jti: randomUUID(), ...claims })
      .setProtectedHeader({ alg: algorithm, typ: 'at+jwt', kid })
      .sign(await signer);
  };
  return {
    issuer,
    audience,
    async jwks() {
      return { keys: [{ ...(await exportJWK(createPublicKey(key.toPem()))), kid, alg: algorithm, use: 'sig' }] };
    },
    mint,
    async grant(form) {
      const now = new Date(nowSeconds() * 1_000);
      const { client, scope } = await grantedTo(form, { audiences: [issuer, `${issuer}/token`], now, clientKeys });
      return { token: await mint(client, { claims: { aud: streamAudience, client_id: client, scope } }), scope };
    },
  };
}
