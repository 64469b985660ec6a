/** Selectors that are not as the key holder signed them, at the key holder's own routes and in the tables of a running service. */
import { beforeAll, describe, expect, it } from '@jest/globals';
import { dayOf, periodOf, toBase64Url } from '#contracts';
import type { ActStatement, SelectorId } from '#contracts';
import type { NymtallyClient } from '#client-sdk';
import { toFrames, toSelectorJson } from '#pseudonyms';
import type { Selector } from '#pseudonyms';
import { signStatement } from '../../../apps/ctl/src/command/signed.js';
import type { Provider } from './provider.js';
import { expectRefusal } from './shapes.js';

interface Row extends Selector {
  readonly uri: string;
  readonly salt: Buffer;
  readonly spki: Buffer;
}

export function badSelectors(provider: () => Provider): void {
  describe('a selector', () => {
    let own: Row;
    let other: Row;
    let client: NymtallyClient;

    beforeAll(async () => {
      client = await provider().person(2);
      const [mine, another] = await provider().mint(client, 2);
      [own, other] = [await rowOf(mine!), await rowOf(another!)];
    });

    async function rowOf(uri: string): Promise<Row> {
      const [row] = await provider().rows<Row>(
        'nyms',
        `SELECT s.uri, p.salt, p.spki, p.subject, s.selector_id AS "selectorId", s.key_epoch AS "keyEpoch", s.cohort, s.period,
                s.expiry_day AS "expiryDay", s.bytes, s.signature
         FROM pseudonyms.selectors s JOIN pseudonyms.pseudonyms p USING (uri) WHERE s.uri = $1`,
        [uri],
      );
      return row!;
    }
    const flipped = (bytes: Uint8Array, at: number): Uint8Array => bytes.map((byte, i) => (i === at ? byte ^ 1 : byte));

    /** Each in one field other than what was signed. */
    const changes: [string, () => Partial<Selector>][] = [
      ['header', () => ({ bytes: flipped(own.bytes, 0) })],
      ['ciphertext', () => ({ bytes: flipped(own.bytes, own.bytes.length - 1) })],
      ['cohort', () => ({ cohort: own.cohort + 1 })],
      ['key epoch', () => ({ keyEpoch: own.keyEpoch + 1 })],
      ['period', () => ({ period: own.period - 1 })],
      ['last day', () => ({ expiryDay: own.expiryDay + 7 })],
      ['subject', () => ({ subject: other.subject })],
      ['id', () => ({ selectorId: other.selectorId })],
      ['signature', () => ({ signature: flipped(own.signature, 5) })],
    ];
    const wrong = (change: Partial<Selector>): Selector => ({ ...own, ...change }) as Selector;

    const match = async (body: Uint8Array) => {
      const as = 'nyms';
      const asked = await provider().call('keyholder', '/v1/force', { as, method: 'GET' });
      const { force, run } = JSON.parse(asked.text) as { force: number; run: string };
      const headers = { 'content-type': 'application/octet-stream' };
      return provider().call('keyholder', `/v1/matches?force=${force}&run=${run}`, { as, headers, body });
    };
    const act = (selector: Selector, { salt, spki, uri }: Row) => {
      const moderator = provider().stack.keys.moderators[0]!;
      const chosen = { type: 'suspend' as const, uri: uri as ActStatement['uri'], case: 'case-1', reason: 'test' };
      const signed = signStatement<ActStatement>(moderator, chosen, dayOf(new Date()));
      const body = { ...signed, selector: toSelectorJson(selector), salt: toBase64Url(salt), publicKey: toBase64Url(spki) };
      return provider().json('keyholder', '/v1/acts', body, 'nyms');
    };
    const renew = (selector: Selector, { salt, spki, uri }: Row) => {
      const period = periodOf(dayOf(new Date())) + 1;
      const texts = { salt: toBase64Url(salt), publicKey: toBase64Url(spki), signature: toBase64Url(new Uint8Array(64)) };
      const body = { selector: toSelectorJson(selector), uri, period, ...texts };
      return provider().json('keyholder', '/v1/renewals', body, 'nyms');
    };

    it.each(changes)('with another %s is matched, acted on and renewed for nobody', async (_, change) => {
      expectRefusal(await match(toFrames([wrong(change())])));
      expectRefusal(await act(wrong(change()), own));
      expectRefusal(await renew(wrong(change()), own));
    });

    it('of another length, or with more or less behind it, is refused', async () => {
      const frames = toFrames([own]);
      expectRefusal(await match(frames.subarray(0, -1)));
      expectRefusal(await match(Buffer.concat([frames, Buffer.from('x')])));
      expectRefusal(await act(wrong({ bytes: own.bytes.subarray(1) }), own));
      expectRefusal(await act(wrong({ bytes: Buffer.concat([own.bytes, Buffer.from('x')]) }), own));
    });

    it('of another pseudonym is refused, also when both are of one account', async () => {
      expectRefusal(await act(other, own));
      expectRefusal(await act(own, other));
      expectRefusal(await renew(other, own));
    });

    it('as it was signed is matched', async () => {
      expect((await match(toFrames([own, other]))).status).toBe(204);
    });

    it('that was moved to another pseudonym in the tables counts for nobody, and is revoked for nobody', async () => {
      const victim = await provider().person(1);
      const [honest] = await provider().mint(victim, 1);
      const theirs = await rowOf(honest!);
      const set = (uri: string, id: SelectorId) =>
        provider().rows('nyms', 'UPDATE pseudonyms.selectors SET uri = $1 WHERE selector_id = $2', [uri, id]);
      await provider().rows('nyms', 'UPDATE pseudonyms.selectors SET period = period + 100 WHERE selector_id = $1', [
        own.selectorId,
      ]);
      await set(own.uri, theirs.selectorId); // what hubs say of `own` would count for the victim
      for (const hub of [0, 1, 2, 3]) await provider().tell(hub, own.uri);
      const { signals, counted } = await provider().closeEpoch();
      expect([signals >= 4, counted]).toEqual([true, 0]);
      expect([(await victim.standing()).standing, (await client.standing()).standing]).toEqual(['active', 'active']);

      await set(honest!, theirs.selectorId);
      await provider().rows('nyms', 'UPDATE pseudonyms.selectors SET period = $1 WHERE selector_id = $2', [
        own.period,
        own.selectorId,
      ]);
      for (const hub of [0, 1]) await provider().tell(hub, other.uri);
      await provider().closeEpoch();
      await provider().until(async () => (await client.standing()).standing === 'suspended');
      expect((await victim.standing()).standing).toBe('active');
    });
  });
}
