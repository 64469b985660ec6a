/**
 * Signed answers about a pseudonym's status (RFC 7519 in a compact JWS). Dated by day; padded, so that "active" and "not active" about
 * one URI have one length; nothing in it says why.
 */
import { DAY_MS, statusAnswerType, toBase64Url, utf8 } from '#contracts';
import { kidOf } from '#platform';
import type { SigningKey } from '#platform';

const part = (text: string): string => toBase64Url(utf8(text));

export class StatusAnswers {
  readonly jwk: Readonly<Record<string, string>>;
  private readonly header: string;

  constructor(private readonly key: SigningKey) {
    const kid = kidOf(key.publicKey);
    this.jwk = { kty: 'OKP', crv: 'Ed25519', x: toBase64Url(key.publicKey), kid, alg: 'EdDSA', use: 'sig' };
    this.header = part(JSON.stringify({ alg: 'EdDSA', typ: statusAnswerType, kid }));
  }

  /** @param issuer what hubs know this provider by: the `aud` of their own SETs. @param uri as it was asked */
  sign(issuer: string, hub: string, uri: string, active: boolean, day: number): string {
    const claims = { iss: issuer, aud: hub, iat: (day * DAY_MS) / 1_000, sub_id: { format: 'uri', uri }, active };
    const input = `${this.header}.${part(JSON.stringify(claims) + (active ? ' ' : ''))}`; // `true` is one shorter than `false`
    return `${input}.${toBase64Url(this.key.sign(utf8(input)))}`;
  }
}
