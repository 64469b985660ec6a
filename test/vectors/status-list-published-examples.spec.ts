/**
 * The examples of draft-ietf-oauth-status-list-20 (oauth-wg at 2fb61cd) against what nyms publishes and the hub SDK reads. Copied as data,
 * under the IETF Trust Legal Provisions.
 */
import { describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { deflateSync, inflateSync } from 'node:zlib';
import { importJWK, jwtVerify } from 'jose';
import type { JWK } from 'jose';
import { fromBase64Url, packStatuses, statusAt, toBase64Url } from '#contracts';
import type { StatusListBits } from '#contracts';
import { readStatusList, statusIn } from '#hub-sdk';

interface Small {
  byte_array_hex: string;
  bits: StatusListBits;
  statuses: number[];
  json: { bits: number; lst: string };
  cbor_hex?: string;
}
const file = 'examples.draft-ietf-oauth-status-list-20.json';
const {
  small,
  example_public_jwk: jwk,
  signed_examples: signed,
} = JSON.parse(readFileSync(path.join(import.meta.dirname, 'status-list', file), 'utf8')) as {
  small: Small[];
  example_public_jwk: JWK;
  signed_examples: {
    jwt: {
      compact: string;
      payload: { exp: number; iat: number; iss: string; sub: string; ttl: number; status_list: { lst: string } };
    };
    status_list_cwt: { hex: string };
  };
};
const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');

describe.each(small)(
  'a published list of $bits bits a status',
  ({ byte_array_hex: packed, bits, statuses, json, cbor_hex: cbor }) => {
    it('is packed, compressed and encoded as published', () => {
      const list = packStatuses(statuses, bits);
      expect(hex(list)).toBe(packed);
      expect(toBase64Url(Uint8Array.from(deflateSync(list, { level: 9 })))).toBe(json.lst);
      expect(cbor === undefined || cbor.includes(hex(fromBase64Url(json.lst)))).toBe(true);
    });

    it('is read as published', () => {
      const list = Uint8Array.from(inflateSync(fromBase64Url(json.lst)));
      expect(statuses.map((_, index) => statusAt(list, bits, index))).toEqual(statuses);
      expect(() => statusAt(list, bits, statuses.length)).toThrow(RangeError);
    });
  },
);

describe('the published Status List Token', () => {
  const { compact, payload } = signed.jwt;
  const rules = async (more: object = {}) => {
    const key = await importJWK(jwk, 'ES256');
    return {
      uri: payload.sub,
      keys: () => Promise.resolve(key as CryptoKey),
      algorithms: ['ES256'],
      issuer: payload.iss,
      now: new Date(payload.iat * 1_000),
      ...more,
    };
  };

  it('is verified, and says what its list says', async () => {
    const list = await readStatusList(compact, await rules());
    expect(list).toMatchObject({ bits: 1, issuedAt: payload.iat, expiresAt: payload.exp, ttl: payload.ttl });
    expect(small[0]!.statuses.map((_, index) => statusIn(list, index))).toEqual(small[0]!.statuses);
    expect(
      (await jwtVerify(compact, await importJWK(jwk, 'ES256'), { currentDate: new Date(payload.iat * 1_000) })).payload,
    ).toEqual(payload);
  });

  it.each<[string, object]>([
    ['at another address', { uri: `${payload.sub}0` }],
    ['of another issuer', { issuer: 'https://other.example' }],
    ['by an algorithm that is not asked for', { algorithms: ['EdDSA'] }],
    ['after its end', { now: new Date((payload.exp + 61) * 1_000) }],
    ['before its time', { now: new Date((payload.iat - 61) * 1_000) }],
  ])('is refused %s', async (_, more) => {
    await expect(readStatusList(compact, await rules(more))).rejects.toThrow();
  });

  it('is refused when anything of it is changed', async () => {
    const [header, claims, signature] = compact.split('.') as [string, string, string];
    const other = toBase64Url(Buffer.from(JSON.stringify({ ...payload, status_list: { bits: 1, lst: small[1]!.json.lst } })));
    const text = toBase64Url(Buffer.from(JSON.stringify({ alg: 'ES256', kid: '12', typ: 'JWT' })));
    for (const token of [
      [header, other, signature],
      [text, claims, signature],
      [header, claims, signature.replace(/^./, 'A')],
    ]) {
      await expect(readStatusList(token.join('.'), await rules())).rejects.toThrow();
    }
  });

  it('has the bytes of the published CWT in it', () => {
    expect(signed.status_list_cwt.hex).toContain(hex(fromBase64Url(payload.status_list.lst)));
  });
});
