/**
 * The keys that sign SETs to hubs (RFC 7515, RFC 7518, RFC 8037): of each algorithm the newest signs, the others are published for what
 * is still on its way. They sign notices and nothing else.
 */
import { createHash, createPrivateKey, createPublicKey, sign } from 'node:crypto';
import type { KeyObject, SigningOptions } from 'node:crypto';
import { signingAlgorithms, toBase64Url, utf8 } from '#contracts';
import type { SigningAlgorithm } from '#contracts';
import { StartError } from '#platform';
import type { Secret } from '#platform';

const LEAST_RSA_BITS = 2_048;
const blocks = /-----BEGIN PRIVATE KEY-----[\s\S]+?-----END PRIVATE KEY-----/g;

type PublicJwk = Readonly<Record<string, unknown>> & { readonly kid: string; readonly alg: SigningAlgorithm };

interface SetKey {
  readonly jwk: PublicJwk;
  sign(input: Uint8Array): Uint8Array;
}

export class SetKeys {
  private constructor(private readonly keys: readonly SetKey[]) {}

  /** @throws StartError */
  static open(secret: Secret): SetKeys {
    try {
      const keys = (secret.text().match(blocks) ?? []).map((pem) => setKey(createPrivateKey(pem)));
      if (keys.length === 0 || keys.includes(undefined)) throw new RangeError();
      return new SetKeys(keys as SetKey[]);
    } catch {
      throw new StartError(
        `NYMS_SET_KEYS_FILE must hold private keys, PKCS #8 PEM: Ed25519, P-256, or RSA of ${LEAST_RSA_BITS} bits and more`,
      );
    }
  }

  /** RFC 7517. */
  get jwks(): readonly PublicJwk[] {
    return this.keys.map(({ jwk }) => jwk);
  }

  get algorithms(): readonly SigningAlgorithm[] {
    return signingAlgorithms.filter((alg) => this.of(alg));
  }

  /** A compact JWS of type `secevent+jwt`. @param alg one of `algorithms` */
  sign(alg: SigningAlgorithm, claims: object): string {
    const key = this.of(alg);
    if (!key) throw new RangeError(`there is no key for ${alg}`);
    const input = `${part({ typ: 'secevent+jwt', alg, kid: key.jwk.kid })}.${part(claims)}`;
    return `${input}.${toBase64Url(key.sign(utf8(input)))}`;
  }

  private of(alg: SigningAlgorithm): SetKey | undefined {
    return this.keys.find(({ jwk }) => jwk.alg === alg);
  }
}

const part = (value: object): string => toBase64Url(utf8(JSON.stringify(value)));

function setKey(key: KeyObject): SetKey | undefined {
  const alg = algorithmOf(key);
  if (!alg) return undefined;
  const publicKey = createPublicKey(key);
  const spki = publicKey.export({ format: 'der', type: 'spki' });
  const kid = createHash('sha256').update(spki).digest().subarray(0, 8).toString('base64url');
  const how: SigningOptions & { key: KeyObject } = { key, ...(alg === 'ES256' && { dsaEncoding: 'ieee-p1363' }) };
  return {
    jwk: { ...publicKey.export({ format: 'jwk' }), kid, alg, use: 'sig' },
    sign: (input) => new Uint8Array(sign(alg === 'EdDSA' ? null : 'sha256', input, how)),
  };
}

function algorithmOf({ asymmetricKeyType: type, asymmetricKeyDetails: details }: KeyObject): SigningAlgorithm | undefined {
  if (type === 'ed25519') return 'EdDSA';
  if (type === 'ec') return details?.namedCurve === 'prime256v1' ? 'ES256' : undefined;
  return type === 'rsa' && (details?.modulusLength ?? 0) >= LEAST_RSA_BITS ? 'RS256' : undefined;
}
