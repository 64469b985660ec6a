/**
 * The outside of what a hub signs: compact JWS (RFC 7515 §7.1) with an allowed algorithm and exactly one type (RFC 8725 §3.11; SETs:
 * RFC 8417 §2.3). Nothing here is authentic yet. Key material in the header (`jwk`, `jku`, `x5c`, `x5u`) is never looked at.
 */
import { fromBase64Url, setMaxBytes } from '#contracts';
import { isSetAlgorithm } from './hub-key.js';
import type { SetAlgorithm } from './hub-key.js';
import { SetRefused } from './signal.js';

export interface ParsedJws {
  readonly alg: SetAlgorithm;
  readonly kid: string;
  readonly issuer: string;
  readonly claims: Readonly<Record<string, unknown>>;
  /** what the signature covers */
  readonly signingInput: Uint8Array;
  readonly signature: Uint8Array;
}

const SET_TYPE = 'secevent+jwt';
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** @throws SetRefused `authentication_failed` for an algorithm outside the list (`none` and HS* too), else `invalid_request` */
export function parseJws(token: string, type: string): ParsedJws {
  const parts = token.length <= setMaxBytes ? token.split('.') : [];
  const [header64, payload64, signature64] = parts;
  if (parts.length !== 3 || !header64 || !payload64) throw malformed('not a compact JWS of three parts');
  const header = jsonObject(header64, 'header');
  const { alg, typ, kid } = header;
  if (!isSetAlgorithm(alg)) throw new SetRefused('authentication_failed', 'alg must be EdDSA, ES256 or RS256');
  if (typ !== type) throw malformed(`typ must be ${type}`);
  if ('crit' in header) throw malformed('crit names no extension that is understood');
  const claims = jsonObject(payload64, 'payload');
  if (typeof claims['iss'] !== 'string') throw malformed('iss is missing or malformed');
  if (typeof kid !== 'string' || kid === '') throw new SetRefused('authentication_failed', 'kid is missing');
  return {
    alg,
    kid,
    issuer: claims['iss'],
    claims,
    signingInput: Buffer.from(token.slice(0, header64.length + 1 + payload64.length), 'latin1'),
    signature: bytes(signature64 ?? '', 'signature'),
  };
}

export const parseSet = (token: string): ParsedJws => parseJws(token, SET_TYPE);

const malformed = (description: string): SetRefused => new SetRefused('invalid_request', description);

function bytes(part: string, name: string): Uint8Array {
  try {
    return fromBase64Url(part);
  } catch {
    throw malformed(`${name} is not base64url`);
  }
}

function jsonObject(part: string, name: string): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(utf8.decode(bytes(part, name)));
  } catch (error) {
    throw error instanceof SetRefused ? error : malformed(`${name} is not JSON`);
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw malformed(`${name} is not a JSON object`);
  return value as Record<string, unknown>;
}
