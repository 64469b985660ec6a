/** SETs that are not taken, and SETs that are taken and count for nobody, pushed to a running service (RFC 8417, RFC 8935). */
import { createHmac } from 'node:crypto';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { eventTypes, setMediaType } from '#contracts';
import { part } from './provider.js';
import type { Answer, Provider } from './provider.js';
import { expectProblem, expectSetError } from './shapes.js';
import { unfinished } from './unfinished.js';

const { abuseReport, kick, retract } = eventTypes;
const verified = { [abuseReport]: { reason: 'spam', hubVerified: true } };
/** Hubs of the policy by what they do in these tests. */
const hub = { good: 0, other: 1, many: 2, once: 3, revoked: 4, suspended: 5 } as const;

export function badSignals(provider: () => Provider): void {
  describe('a SET', () => {
    let uri: string;
    beforeAll(async () => {
      [uri] = (await provider().mint(await provider().person(1), 1)) as [string];
      const { stack } = provider();
      await provider().install((document) => ({
        ...document,
        hubs: document.hubs.map((entry, at) => ({
          ...entry,
          status: at === hub.suspended ? 'suspended' : entry.status,
          revokedKids: at === hub.revoked ? [stack.keys.hubs[at]!.kid] : [],
        })),
      }));
    });

    const claims = (change: object = {}, by: number = hub.good) => provider().claims(by, uri, change);
    const good = (change: object = {}, by: number = hub.good) => provider().sign(by, claims(change, by));
    const seconds = () => Math.floor(Date.now() / 1_000);
    const cases: [string, string, () => string | Uint8Array][] = [
      ['of no bytes', 'invalid_request', () => ''],
      ['that is no JWS', 'invalid_request', () => 'a.b'],
      ['of bytes that are no text', 'invalid_request', () => Uint8Array.of(0, 255, 254, 46, 200, 46, 1)],
      [
        'whose payload is no JSON',
        'invalid_request',
        () => good().replace(/\.[^.]+\./, `.${Buffer.from('{').toString('base64url')}.`),
      ],
      ['with another typ', 'invalid_request', () => provider().sign(hub.good, claims(), { typ: 'jwt' })],
      ['with sub', 'invalid_request', () => good({ sub: 'somebody' })],
      ['with exp', 'invalid_request', () => good({ exp: seconds() + 60 })],
      ['with two events', 'invalid_request', () => good({ events: { ...verified, [kick]: { by: 'hub' } } })],
      ['with no event', 'invalid_request', () => good({ events: {} })],
      ['from the future', 'invalid_request', () => good({ iat: seconds() + 400 })],
      ['from before last week', 'invalid_request', () => good({ iat: seconds() - 8 * 86_400 })],
      ['about no address', 'invalid_request', () => good({ sub_id: { format: 'uri', uri: 'https://elsewhere.example' } })],
      ['with a jti that no row can hold', 'invalid_request', () => good({ jti: 'a\u0000b' })],
      [
        'with alg none',
        'authentication_failed',
        () => `${part({ typ: 'secevent+jwt', alg: 'none', kid: 'k' })}.${part(claims())}.`,
      ],
      ['with a signature under the public key', 'authentication_failed', () => hmacSet()],
      ['without its signature', 'authentication_failed', () => good().replace(/[^.]*$/, '')],
      ['with a key in its header', 'authentication_failed', () => provider().sign(hub.other, claims(), { jwk: { kty: 'OKP' } })],
      ['of an unknown key', 'authentication_failed', () => provider().sign(hub.good, claims(), { kid: 'unknown' })],
      ['of a revoked key', 'invalid_key', () => good({}, hub.revoked)],
      ['signed by another hub', 'authentication_failed', () => provider().sign(hub.other, claims(), kidOf(hub.good))],
      ['of an unknown hub', 'invalid_issuer', () => good({ iss: 'https://nobody.example' })],
      ['for somebody else', 'invalid_audience', () => good({ aud: 'https://elsewhere.example' })],
      ['of a suspended hub', 'access_denied', () => good({}, hub.suspended)],
    ];
    const kidOf = (of: number) => ({ kid: provider().stack.keys.hubs[of]!.kid });
    const hmacSet = () => {
      const { kid, key } = provider().stack.keys.hubs[hub.good]!;
      const input = `${part({ typ: 'secevent+jwt', alg: 'HS256', kid })}.${part(claims())}`;
      return `${input}.${createHmac('sha256', key.publicKey).update(input).digest('base64url')}`;
    };
    const stored = async () => (await provider().rows('nyms', 'SELECT 1 FROM signals.sets')).length;

    it.each(cases)('%s is answered 400 %s and leaves no row', async (_, err, token) => {
      const before = await stored();
      expectSetError(await provider().push(token()), err);
      expect(await stored()).toBe(before);
    });

    it('of one bit other than a good one is never taken, whichever bit', async () => {
      const token = Buffer.from(good());
      const before = await stored();
      for (let at = 3; at < token.length; at += 37) {
        const other = Buffer.from(token);
        other[at] = other[at]! ^ (1 << (at % 7));
        const { status, text } = await provider().push(other);
        // the last character of a part has bits that say nothing, and those are refused too
        expect([status, Object.keys(JSON.parse(text) as object)]).toEqual([400, ['err', 'description']]);
      }
      expect(await stored()).toBe(before);
    });

    it('over 64 KiB is answered 413, at once and also without a length, and 415 where it is no SET by type', async () => {
      const head = ['POST /v1/signals HTTP/1.1', `Content-Type: ${setMediaType}`];
      const { nyms } = provider().stack.urls;
      const chunk = `${(66_000).toString(16)}\r\n${'x'.repeat(66_000)}\r\n`;
      expectProblem(await unfinished(nyms, [...head, 'Content-Length: 1000000'], 'x'), 413, 'body-too-large');
      expectProblem(await unfinished(nyms, [...head, 'Transfer-Encoding: chunked'], chunk), 413, 'body-too-large');
      for (const type of ['application/json', 'text/plain', 'application/secevent+jwt-seq']) {
        expectProblem(await provider().push(good(), { 'content-type': type }), 415, 'type-not-supported');
      }
      expectProblem(await provider().call('nyms', '/v1/signals', { method: 'GET' }), 405, 'method-not-allowed');
    });

    it('that is taken says nothing more: replayed, of an unknown pseudonym, of an unknown type, all get one answer', async () => {
      const token = good({ jti: 'told-twice' });
      const answers = [
        await provider().push(token),
        await provider().push(token),
        await provider().push(good({ jti: 'told-twice', iat: seconds() - 60 })),
        await provider().push(good({ sub_id: { format: 'uri', uri: uri.replace(/.$/, '~') } })),
        await provider().push(good({ events: { 'urn:example:newer': {} } })),
        await provider().push(good({ events: { [kick]: { by: 'nobody' } } })),
      ];
      const shapes = answers.map(({ status, text, headers }) => {
        const names = [...headers.keys()].filter((name) => name !== 'date').sort();
        return JSON.stringify([status, text, names]);
      });
      expect([answers[0]!.status, answers[0]!.text, new Set(shapes).size]).toEqual([202, '', 1]);
    });

    it('counts once, by its first content, for its own hub; others take nothing back', async () => {
      const victim = (await provider().mint(await provider().person(1), 1))[0]!;
      const first = provider().claims(hub.once, victim);
      const { jti } = first;
      const sets = [
        provider().sign(hub.once, first),
        provider().sign(hub.once, { ...first, events: { [kick]: { by: 'hub' } } }),
        provider().sign(hub.other, provider().claims(hub.other, victim, { events: { [retract]: { jti } } })),
        provider().sign(hub.many, provider().claims(hub.many, victim, { jti })),
      ];
      for (const set of [...sets, ...sets]) expect((await provider().push(set)).status).toBe(202);
      const { epoch } = await provider().closeEpoch();
      const leaves = await provider().rows<{ leaf: { weightSum: number } }>(
        'nyms',
        `SELECT leaf FROM tallies.leaves WHERE epoch = $1 AND side = 'negative' AND leaf ->> 'hub' = ANY($2)`,
        [epoch, [hub.once, hub.many].map((at) => provider().stack.keys.hubs[at]!.id)],
      );
      const { weights, decay } = provider().stack.policy();
      const once = weights.abuseReport.hubVerified * decay.table[0]!;
      expect(leaves.map(({ leaf }) => leaf.weightSum)).toEqual([once, once]);
    });

    it('too many of one hub are answered 429 with a time to come again; other hubs go on', async () => {
      const answers: Answer[] = [];
      const limited = () => answers.filter(({ status }) => status === 429);
      // however slow the machine: until it is more than a second's worth in a second
      for (let round = 0; round < 20 && limited().length === 0; round++) {
        const sets = Array.from({ length: 120 }, () => good({ events: { 'urn:example:newer': {} } }, hub.many));
        answers.push(...(await Promise.all(sets.map((set) => provider().push(set)))));
      }
      expect(limited().length).toBeGreaterThan(0);
      expect(answers.length - limited().length).toBeGreaterThanOrEqual(provider().stack.policy().limits.setsPerSecond);
      for (const answer of limited()) {
        expectProblem(answer, 429, 'hub-limit-reached');
        expect(answer.headers.get('retry-after')).toMatch(/^[1-9]\d*$/);
      }
      expect((await provider().push(good())).status).toBe(202);
    });
  });
}
