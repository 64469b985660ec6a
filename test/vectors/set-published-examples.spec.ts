/**
 * The examples of RFC 8417, 8935, 8936, SSF 1.0, CAEP 1.0 and RISC 1.0 against our profile (protocol.md §4). Copied as data:
 * RFC texts under the IETF Trust Legal Provisions, OpenID texts with attribution to the OpenID Foundation.
 */
import { describe, expect, it } from '@jest/globals';
import { generateKeyPairSync, sign } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { setErrors, streamEventTypes, toBase64Url, utf8 } from '#contracts';
import { HubKey, SetRefused, verifyHubSet, verifySet } from '#signals';

type Claims = Record<string, unknown> & { iss: string; iat: number; aud?: string | string[]; events: Record<string, unknown> };
const read = (name: string): unknown => JSON.parse(readFileSync(path.join(import.meta.dirname, 'set', name), 'utf8'));
const figures = read('json-examples.rfc8417-rfc8935-rfc8936-ssf-caep-risc.json') as Record<
  string,
  { figure?: string | null; json?: unknown }[]
>;
const compact = read('compact-examples.rfc8935-rfc8936.json') as {
  'rfc8935-figure1-push-body': string;
  'rfc8936-figure6-poll-response': { sets: Record<string, string> };
  decoded: Record<string, { payload: Claims }>;
};
const isSet = (json: unknown): json is Claims =>
  typeof json === 'object' && json !== null && 'events' in json && 'iss' in json && 'iat' in json;
const sets = Object.entries(figures).flatMap(([source, all]) =>
  all.flatMap(({ figure, json }, at) =>
    isSet(json) ? [[`${source}, ${(figure ?? `figure body ${at + 1}`).replaceAll(/\s+/g, ' ')}`, json] as const] : [],
  ),
);

const { publicKey, privateKey } = generateKeyPairSync('ed25519');
const key = HubKey.from({ ...publicKey.export({ format: 'jwk' }), kid: 'k' })!;
const part = (value: unknown) => toBase64Url(utf8(JSON.stringify(value)));
function signed(claims: object): string {
  const input = `${part({ typ: 'secevent+jwt', alg: 'EdDSA', kid: 'k' })}.${part(claims)}`;
  return `${input}.${toBase64Url(sign(null, Buffer.from(input), privateKey))}`;
}

/** Verified as a known hub's, at the time of issue and for its own audience, unless told otherwise. */
async function refusalOf(token: string, claims: Claims, more: { issuer?: string; audience?: string } = {}): Promise<string[]> {
  const { issuer = claims.iss, audience = [claims.aud ?? 'https://provider.example'].flat()[0]! } = more;
  try {
    const said = await verifyHubSet(token, {
      audience,
      now: new Date(claims.iat * 1_000),
      hubOf: (iss) => (iss === issuer ? { id: iss, status: 'active', keys: [], revokedKids: [] } : undefined),
      keyOf: () => key,
    });
    return 'set' in said ? ['taken'] : ['noted', said.stream.said.kind];
  } catch (error) {
    if (error instanceof SetRefused) return [error.err, error.description];
    throw error;
  }
}
const errOf = async (...args: Parameters<typeof refusalOf>): Promise<string> => (await refusalOf(...args))[0]!;

const algorithm = ['authentication_failed', 'alg must be EdDSA, ES256 or RS256'];
const noPseudonym = [
  'invalid_request',
  'sub_id must be {"format":"uri","uri":"mimi://…"}, of a stream event {"format":"opaque","id":<stream id>}',
];
/** The figures that are refused for something else than a subject that is no pseudonym, or that are no signals and so are taken. */
const otherwise: Readonly<Record<string, readonly string[]>> = {
  'rfc8417, Figure 1: Example SCIM Password Reset Event': ['invalid_request', 'sub must not be present'],
  'rfc8417, Figure 2: Example OpenID Back-Channel Logout Event': ['invalid_request', 'sub must not be present'],
  "openid-sharedsignals-framework-1_0-final, Figure 7: Example: SET with array 'aud' claim": ['noted', 'verification'],
  'openid-sharedsignals-framework-1_0-final, Figure 46: Example: Verification SET': ['noted', 'verification'],
  'openid-sharedsignals-framework-1_0-final, Figure 47: Example: Stream Updated SET': ['noted', 'updated'],
};

describe('published examples of SETs', () => {
  it.each([
    ['RFC 8935 figure 1 (HS256)', compact['rfc8935-figure1-push-body'], 'rfc8935-figure1'],
    ...Object.entries(compact['rfc8936-figure6-poll-response'].sets).map(([jti, token]) => [
      `RFC 8936 figure 6 (none) ${jti}`,
      token,
      jti,
    ]),
  ])('%s is not authentic', async (_, token, decoded) => {
    expect(await refusalOf(token!, compact.decoded[decoded!]!.payload)).toEqual(algorithm);
  });

  it.each(Object.entries(compact.decoded))(
    '%s, signed by a hub as it should be, is refused for what it says',
    async (name, { payload }) => {
      const expected = 'sub' in payload ? ['invalid_request', 'sub must not be present'] : noPseudonym;
      expect(await refusalOf(signed(payload), payload)).toEqual(expected);
      expect(name).not.toBe('');
    },
  );

  it('hold 30 whole SETs', () => {
    expect(sets).toHaveLength(30);
  });

  it.each(sets)('%s is refused for its own reason, or is an event about a stream', async (figure, claims) => {
    expect(await refusalOf(signed(claims), claims)).toEqual(otherwise[figure] ?? noPseudonym);
    expect(await errOf(signed(claims), claims, { issuer: 'https://hub.example' })).toBe('invalid_issuer');
    expect(await errOf(signed(claims), claims, { audience: 'https://nyms.example' })).toBe('invalid_audience');
  });

  it('name every figure that is refused otherwise', () => {
    const named = sets.map(([figure]): string => figure);
    expect(Object.keys(otherwise).filter((figure) => !named.includes(figure))).toEqual([]);
  });

  it('of RFC 8417, 8935 and 8936 are refused, every one: only SSF 1.0 has SETs about a stream', () => {
    const rfcs = sets.filter(([figure]) => figure.startsWith('rfc')).map(([figure]) => figure.split(':')[0]);
    expect(rfcs).toEqual(['rfc8417, Figure 1', 'rfc8417, Figure 2', 'rfc8417, Figure 3', 'rfc8417, Figure 5']);
    expect(Object.keys(compact.decoded)).toHaveLength(3); // RFC 8935 figure 1, RFC 8936 figure 6
    const noted = Object.keys(otherwise).filter((figure) => otherwise[figure]![0] === 'noted');
    expect(noted.every((figure) => figure.startsWith('openid-sharedsignals-framework'))).toBe(true);
  });

  it.each(sets.filter(([, { events }]) => events[streamEventTypes.verification]))(
    '%s is never kept as a signal',
    async (_, claims) => {
      const rules = {
        audience: [claims.aud!].flat()[0]!,
        now: undefined,
        hubOf: (id: string) => ({ id, status: 'active' as const, keys: [], revokedKids: [] }),
        keyOf: () => key,
      };
      await expect(verifySet(signed(claims), rules)).rejects.toMatchObject({ err: 'invalid_request' });
    },
  );

  const aboutSomebody = sets.filter(([figure]) => !['noted'].includes(otherwise[figure]?.[0] ?? ''));
  it.each(aboutSomebody)('%s is taken with a pseudonym as subject, one event and an audience', async (_, claims) => {
    const [event] = Object.entries(claims.events).slice(0, 1);
    const adapted: Record<string, unknown> = {
      ...claims,
      aud: claims.aud ?? 'https://provider.example',
      events: Object.fromEntries([event!]),
      sub_id: { format: 'uri', uri: 'mimi://provider.example/p/abcdefghijklmnopqrstuvwxyz' },
    };
    delete adapted['sub'];
    expect(await errOf(signed(adapted), claims)).toBe('taken');
  });

  it('of error answers use codes that we know', () => {
    const errors = figures['rfc8935']!.map(({ json }) => (json as { err: string }).err);
    expect(errors).toHaveLength(3);
    for (const err of errors) expect(setErrors).toContain(err);
  });
});
