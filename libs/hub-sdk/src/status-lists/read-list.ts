/**
 * A Status List Token (draft-ietf-oauth-status-list §8.3): verified, decompressed within bounds, and asked by index. Runs in Node and in
 * browsers.
 */
import { jwtVerify } from 'jose';
import type { JWTVerifyGetKey, JWTVerifyOptions } from 'jose';
import { fromBase64Url, statusAt, statusListClaims, statusListType } from '#contracts';
import type { StatusListBits } from '#contracts';

/** Indices of a list are as many bits; a larger one is refused before it is in memory. */
const MOST_BYTES = 4 * 1_048_576;

export interface StatusList {
  readonly bytes: Uint8Array;
  readonly bits: StatusListBits;
  /** seconds */
  readonly issuedAt: number;
  readonly expiresAt: number;
  readonly ttl: number;
}

export interface ListRules {
  /** The address it was asked by. */
  readonly uri: string;
  readonly keys: JWTVerifyGetKey;
  readonly algorithms: string[];
  readonly issuer: string;
  readonly now: Date;
}

/** @throws Error when it is not this list, signed, valid now, and sound */
export async function readStatusList(token: string, { uri, keys, algorithms, issuer, now }: ListRules): Promise<StatusList> {
  const options: JWTVerifyOptions = {
    algorithms,
    typ: statusListType,
    issuer,
    subject: uri,
    currentDate: now,
    clockTolerance: 60,
  };
  const { payload } = await jwtVerify(token, keys, options);
  const { iat, exp, ttl, status_list: list } = statusListClaims.parse(payload);
  if (iat > now.getTime() / 1_000 + 60) throw new Error('the list is of a later time');
  return { bytes: await inflate(fromBase64Url(list.lst)), bits: list.bits, issuedAt: iat, expiresAt: exp, ttl };
}

/** @throws RangeError for an index that the list does not have */
export const statusIn = ({ bytes, bits }: StatusList, index: number): number => statusAt(bytes, bits, index);

/** zlib (RFC 1950). @throws TypeError for what is none, RangeError for what would be too large */
export async function inflate(compressed: Uint8Array, mostBytes = MOST_BYTES): Promise<Uint8Array> {
  const source = new Blob([Uint8Array.from(compressed)]).stream();
  const reader = source.pipeThrough(new DecompressionStream('deflate')).getReader();
  const pieces: Uint8Array[] = [];
  let length = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    length += value.length;
    if (length > mostBytes) {
      await reader.cancel();
      throw new RangeError('the list is too large');
    }
    pieces.push(value);
  }
  const list = new Uint8Array(length);
  pieces.reduce((at, piece) => (list.set(piece, at), at + piece.length), 0);
  return list;
}
