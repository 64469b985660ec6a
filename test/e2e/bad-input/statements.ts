/** Statements that nobody may act on, and questions that nobody may ask: moderators', operators' and hubs' routes of a running service. */
import { randomBytes } from 'node:crypto';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { dayOf, toBase64Url } from '#contracts';
import type { ActStatement, SignalStatement } from '#contracts';
import { eventTypes } from '#contracts';
import { generateSigningKey } from '#platform';
import { readToken, signStatement } from '../../../apps/ctl/src/command/signed.js';
import type { Signer } from '../../../apps/ctl/src/command/session.js';
import type { Provider } from './provider.js';
import { expectProblem } from './shapes.js';

export function badStatements(provider: () => Provider): void {
  describe('a statement', () => {
    let uri: string;
    let jti: string;
    const today = dayOf(new Date());
    const moderator = (): Signer => provider().stack.keys.moderators[0]!;
    const stranger = (): Signer => ({ id: moderator().id, key: generateSigningKey() });

    beforeAll(async () => {
      [uri] = (await provider().mint(await provider().person(1), 1)) as [string];
      jti = await provider().tell(0, uri, { [eventTypes.abuseReport]: { reason: 'other', hubVerified: false } });
      await provider().until(async () => (await stateOf(jti)) === 'held');
    });

    const stateOf = async (name: string) =>
      (await provider().rows<{ state: string }>('nyms', 'SELECT state::text FROM signals.sets WHERE jti = $1', [name]))[0]?.state;
    const ruling = (by = moderator(), change: object = {}, day = today) => {
      const chosen = {
        type: 'release-signal' as const,
        hub: provider().stack.keys.hubs[0]!.id,
        jti,
        case: 'c-1',
        reason: 'seen',
      };
      return signStatement<SignalStatement>(by, { ...chosen, ...change }, day);
    };
    const act = (by: Signer, change: object = {}, day = today) => {
      const chosen = { type: 'suspend' as const, uri: uri as ActStatement['uri'], case: 'c-1', reason: 'seen' };
      return signStatement<ActStatement>(by, { ...chosen, ...change }, day);
    };
    const rule = (body: unknown) => provider().json('nyms', '/v1/moderation/signals', body);
    const suspend = (body: unknown) => provider().json('nyms', '/v1/moderation/pseudonyms', body);
    const operator = (): Signer => provider().stack.keys.operators[0]!;

    it('of nobody the policy names, or changed after it was signed, moves no signal and no account', async () => {
      const good = ruling();
      for (const body of [
        ruling(stranger()),
        ruling({ ...moderator(), id: 'moderator-9' }),
        { ...good, signature: toBase64Url(randomBytes(64)) },
        { ...good, statement: { ...good.statement, type: 'reject-signal' } },
      ])
        expectProblem(await rule(body), 403, 'not-permitted');
      for (const body of [act(stranger()), act({ ...operator() }), { ...act(moderator()), signature: good.signature }])
        expectProblem(await suspend(body), 403, 'not-permitted');
      expect(await stateOf(jti)).toBe('held');
      expect(await provider().rows('nyms', 'SELECT 1 FROM pseudonyms.acts')).toEqual([]);
    });

    it('that is stale, malformed or of another kind is named so', async () => {
      const malformed = [
        ruling(moderator(), {}, today - 30),
        { ...ruling(), more: 1 },
        { statement: { ...ruling().statement, id: 'short' }, signature: ruling().signature },
        { statement: null, signature: '' },
        [],
        'release',
        act(moderator()),
      ];
      for (const body of malformed) expectProblem(await rule(body), 400, 'request-malformed');
      expectProblem(await suspend(act(moderator(), {}, today + 30)), 400, 'request-malformed');
      expectProblem(await suspend(ruling()), 400, 'request-malformed');
      const unknown = act(moderator(), { uri: uri.replace(/.$/, '~') as ActStatement['uri'] });
      expectProblem(await suspend(unknown), 404, 'not-found');
      expectProblem(await rule(ruling(moderator(), { jti: 'of-nobody' })), 404, 'not-found');
    });

    it('is used once, whatever comes after it', async () => {
      const first = ruling();
      expect((await rule(first)).status).toBe(204);
      expect((await rule(first)).status).toBe(204);
      expectProblem(await rule(ruling(moderator(), { type: 'reject-signal' })), 404, 'not-found');
      await provider().until(async () => (await stateOf(jti)) === 'counted');
      const receipts = [await suspend(act(moderator())), await suspend(act(moderator()))];
      const kept = act(moderator());
      receipts.push(await suspend(kept), await suspend(kept));
      expect(receipts.map(({ status, text }) => [status, text.length])).toEqual(
        receipts.map(() => [200, receipts[0]!.text.length]),
      );
      expect(receipts[3]!.text).toBe(receipts[2]!.text);
      const { id } = kept.statement;
      expectProblem(await suspend(act(moderator(), { id, case: 'c-2' })), 400, 'request-malformed');
    });

    it('is needed for every question too: held signals, the log, the status of a pseudonym', async () => {
      const { audience } = provider().stack.policy();
      const get = (process: 'nyms' | 'keyholder', route: string, token?: string) =>
        provider().call(process, route, {
          as: 'ctl',
          method: 'GET',
          headers: token === undefined ? {} : { authorization: `Bearer ${token}` },
        });
      const tokens = [
        undefined,
        'x',
        await readToken(stranger(), audience, new Date()),
        await readToken(moderator(), 'https://elsewhere.example', new Date()),
        await readToken(moderator(), audience, new Date(Date.now() - 3_600_000)),
      ];
      for (const token of tokens) {
        expectProblem(await get('nyms', '/v1/moderation/signals?state=held', token), 401, 'not-authenticated');
        expectProblem(await get('keyholder', '/v1/audit/entries?from=0', token), 401, 'not-authenticated');
        expectProblem(await get('nyms', `/v1/pseudonyms/${encodeURIComponent(uri)}/status`, token), 401, 'not-authenticated');
      }
      expect(
        (await get('nyms', '/v1/moderation/signals?state=held', await readToken(moderator(), audience, new Date()))).status,
      ).toBe(200);
    });
  });
}
