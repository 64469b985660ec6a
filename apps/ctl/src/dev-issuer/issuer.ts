/**
 * A stand-in for the provider's identity system: access tokens (RFC 9068) for any subject who is asked for, and the JWKS that
 * verifies them. For development: it serves plain http, which a registrar in production refuses.
 */
import { createPublicKey, randomUUID } from 'node:crypto';
import { exportJWK, importPKCS8, SignJWT } from 'jose';
import type { JSONWebKeySet } from 'jose';
import { kidOf } from '#platform';
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
}

export interface DevIssuerOptions {
  readonly issuer: string;
  readonly audience: string;
  readonly key: NamedKey['key'];
  /** Whole days added to the time, as the service's own clocks. */
  readonly clockOffsetDays?: number;
}

const algorithm = 'EdDSA';

export function devIssuer({ issuer, audience, key, clockOffsetDays = 0 }: DevIssuerOptions): DevIssuer {
  const kid = kidOf(key.publicKey);
  const signer = importPKCS8(key.toPem(), algorithm);
  return {
    issuer,
    audience,
    async jwks() {
      return { keys: [{ ...(await exportJWK(createPublicKey(key.toPem()))), kid, alg: algorithm, use: 'sig' }] };
    },
    async mint(subject, { seconds = 3_600, claims = {} } = {}) {
      const now = Math.floor(Date.now() / 1000) + clockOffsetDays * 86_400;
      return new SignJWT({
        iss: issuer,
        aud: audience,
        sub: subject,
        client_id: 'nymtally-dev',
        iat: now,
        exp: now + seconds,
        jti: randomUUID(),
        ...claims,
      })
        .setProtectedHeader({ alg: algorithm, typ: 'at+jwt', kid })
        .sign(await signer);
    },
  };
}
