/** What nyms signs for hubs, as compact JWS (RFC 7515): one Ed25519 key, published in the JWKS, one `typ` per purpose. */
import { toBase64Url, utf8 } from '#contracts';
import { kidOf } from '#platform';
import type { SigningKey } from '#platform';

const part = (text: string): string => toBase64Url(utf8(text));

export class AnswerSigner {
  readonly jwk: Readonly<Record<string, string>>;
  private readonly kid: string;

  constructor(private readonly key: SigningKey) {
    this.kid = kidOf(key.publicKey);
    this.jwk = { kty: 'OKP', crv: 'Ed25519', x: toBase64Url(key.publicKey), kid: this.kid, alg: 'EdDSA', use: 'sig' };
  }

  /** @param payload JSON text, signed as it is */
  sign(type: string, payload: string): string {
    const input = `${part(JSON.stringify({ alg: 'EdDSA', typ: type, kid: this.kid }))}.${part(payload)}`;
    return `${input}.${toBase64Url(this.key.sign(utf8(input)))}`;
  }
}
