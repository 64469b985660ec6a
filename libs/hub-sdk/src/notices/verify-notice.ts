/**
 * Is a SET the provider's, for this hub, and now (RFC 8417 §2; SSF 1.0 §4)? Its type is `secevent+jwt` and its algorithm one of three
 * asymmetric ones; everything else a JWT can be is refused before its signature is looked at (RFC 8725 §3).
 */
import { createRemoteJWKSet, customFetch, decodeJwt, decodeProtectedHeader, errors, jwtVerify } from 'jose';
import type { JWTVerifyGetKey } from 'jose';
import { setMaxBytes, signingAlgorithms } from '#contracts';
import type { SigningAlgorithm } from '#contracts';
import { KeysUnavailable, NoticeRefused } from '../errors.js';
import { readNotice } from './notice.js';
import type { Notice } from './notice.js';

export interface NoticeVerifierOptions {
  /** `iss` of the provider's metadata */
  readonly issuer: string;
  /** `aud` of the hub's stream */
  readonly audience: string;
  /** The provider's keys: the address in its metadata, or a key set of your own making. */
  readonly keys: string | URL | JWTVerifyGetKey;
  /** Older SETs are refused: no shorter than the longest outage that is to lose nothing. 90 days by default. */
  readonly oldestDays?: number;
  readonly timeoutMs?: number;
  readonly fetch?: typeof fetch;
  readonly now?: () => Date;
}

const SKEW_SECONDS = 300;
/** Between two looks for a key that is not in the set. */
const COOLDOWN_MS = 5_000;

export class NoticeVerifier {
  private readonly keys: JWTVerifyGetKey & { readonly coolingDown?: boolean };

  constructor(private readonly options: NoticeVerifierOptions) {
    const { keys, timeoutMs = 5_000, fetch = globalThis.fetch } = options;
    this.keys =
      typeof keys === 'function'
        ? keys
        : createRemoteJWKSet(new URL(keys), {
            timeoutDuration: timeoutMs,
            cooldownDuration: COOLDOWN_MS,
            [customFetch]: (url, init) => fetch(url, init),
          });
  }

  /** @throws NoticeRefused; KeysUnavailable when it cannot be told now */
  async verify(token: string): Promise<Notice> {
    const { issuer, audience, now = () => new Date(), oldestDays = 90 } = this.options;
    if (token.length > setMaxBytes) throw new NoticeRefused('invalid_request', `over ${setMaxBytes} bytes`);
    requireShape(token, issuer);
    const mayLook = this.keys.coolingDown !== true;
    try {
      const { payload } = await jwtVerify(token, this.keys, {
        algorithms: [...signingAlgorithms],
        typ: 'secevent+jwt',
        issuer,
        audience,
        maxTokenAge: oldestDays * 86_400,
        clockTolerance: SKEW_SECONDS,
        currentDate: now(),
      });
      return readNotice(payload);
    } catch (error) {
      if (error instanceof errors.JWKSNoMatchingKey && !mayLook)
        throw new KeysUnavailable('the key may have come after the last look', { cause: error });
      throw error instanceof NoticeRefused ? error : asTold(error);
    }
  }
}

/** What can be said without a key, so that the reason is the right one. */
function requireShape(token: string, issuer: string): void {
  const { alg, typ, iss } = headAndIssuer(token);
  if (typeof typ !== 'string' || !/^(application\/)?secevent\+jwt$/i.test(typ))
    throw new NoticeRefused('invalid_request', 'typ must be secevent+jwt');
  if (!signingAlgorithms.includes(alg as SigningAlgorithm))
    throw new NoticeRefused('authentication_failed', `the algorithm must be one of ${signingAlgorithms.join(', ')}`);
  if (iss !== issuer) throw new NoticeRefused('invalid_issuer', 'iss is not the provider of this stream');
}

function headAndIssuer(token: string): { alg: unknown; typ: unknown; iss: unknown } {
  try {
    const { alg, typ } = decodeProtectedHeader(token);
    return { alg, typ, iss: decodeJwt(token).iss };
  } catch {
    throw new NoticeRefused('invalid_request', 'not a compact JWS');
  }
}

function asTold(error: unknown): Error {
  if (error instanceof errors.JWTClaimValidationFailed || error instanceof errors.JWTExpired) {
    const claim = error.claim;
    return new NoticeRefused(claim === 'aud' ? 'invalid_audience' : 'invalid_request', `${claim} is not what it must be`);
  }
  if (error instanceof errors.JWKSNoMatchingKey || error instanceof errors.JWKSMultipleMatchingKeys)
    return new NoticeRefused('invalid_key', 'the provider publishes no such key');
  if (error instanceof errors.JWSSignatureVerificationFailed)
    return new NoticeRefused('authentication_failed', 'the signature is not of this key');
  if (error instanceof errors.JWSInvalid || error instanceof errors.JWTInvalid)
    return new NoticeRefused('invalid_request', 'not a compact JWS');
  if (error instanceof errors.JOSEAlgNotAllowed || error instanceof errors.JOSENotSupported)
    return new NoticeRefused('invalid_key', 'the key does not fit the algorithm');
  return new KeysUnavailable("the provider's keys cannot be had", { cause: error });
}
