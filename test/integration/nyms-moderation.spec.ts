/** A moderator's path over HTTP: held signals, signed decisions, the blind act. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { createPrivateKey } from 'node:crypto';
import { SignJWT } from 'jose';
import { decisionHashOf } from '#signals';
import { eventTypes, moderatorRequestType } from '#contracts';
import type { SignalStatement } from '#contracts';
import type { SelectorJson } from '#pseudonyms';
import { Acts } from '../../apps/nyms/src/moderation/acts.service.js';
import { AUDIENCE, startNymsWorld } from '../fakes/nyms-world.js';
import type { NymsWorld } from '../fakes/nyms-world.js';

let world: NymsWorld;
beforeAll(async () => void (world = await startNymsWorld()), 60_000);
afterAll(() => world?.stop());
afterEach(() => {
  world.keyholder.isAway = false;
  world.keyholder.instead.clear();
});

const HUB = 'https://one.example';
const token = (more: object = {}, typ: string = moderatorRequestType, key = world.keys.moderator) =>
  new SignJWT({ iss: 'mod', aud: AUDIENCE, iat: Math.floor(world.clock.now().getTime() / 1_000), ...more })
    .setProtectedHeader({ alg: 'EdDSA', typ })
    .sign(createPrivateKey(key.toPem()));
const list = async (bearer?: string) =>
  world.call('GET', '/v1/moderation/signals?state=held', { headers: { authorization: `Bearer ${bearer ?? (await token())}` } });
const uriOf = async () => {
  const { body } = await world.redeemer();
  expect((await world.call('POST', '/v1/pseudonyms', { body })).status).toBe(201);
  return body;
};
const held = async (jti: string, state = 'held') => {
  const { uri } = await uriOf();
  await world.hubClient(world.hubs.one).report(uri!, { reason: 'other', hubVerified: false }, { jti });
  await world.query('UPDATE signals.sets SET state = $2::signals.state WHERE jti = $1', [jti, state]);
};
const decide = (body: object) => world.call('POST', '/v1/moderation/signals', { body });
const act = (body: object) => world.call('POST', '/v1/moderation/pseudonyms', { body });

describe('held signals', () => {
  it('are listed for a moderator: hub, jti, pseudonym, event, reason and day', async () => {
    await held('listed');
    const { status, body } = await list();
    expect(status).toBe(200);
    expect((body['held'] as object[]).find((one) => (one as { jti: string }).jti === 'listed')).toEqual({
      hub: HUB,
      jti: 'listed',
      uri: expect.stringContaining('mimi://'),
      event: eventTypes.abuseReport,
      reason: 'other',
      day: world.clock.today(),
    });
  });

  it.each<[string, () => Promise<string>]>([
    ['nobody', async () => ''],
    ['a token of another kind', () => token({}, 'JWT')],
    ['a token for another service', () => token({ aud: 'https://other.example' })],
    ['a token of an hour ago', () => token({ iat: Math.floor(world.clock.now().getTime() / 1_000) - 3_600 })],
    ['somebody who is no moderator', () => token({ iss: 'operator-1' }, moderatorRequestType, world.keys.operator)],
    ['somebody who says to be one', () => token({}, moderatorRequestType, world.keys.operator)],
  ])('are not listed for %s', async (_, bearer) => {
    expect((await list(await bearer())).status).toBe(401);
  });

  it('are listed for what is asked', async () => {
    const headers = { authorization: `Bearer ${await token()}` };
    expect((await world.call('GET', '/v1/moderation/signals', { headers })).status).toBe(400);
    expect((await world.call('GET', '/v1/moderation/signals?state=counted', { headers })).status).toBe(400);
  });

  it.each(['release-signal', 'reject-signal'] as const)('take one signed decision: %s', async (type) => {
    await held(type);
    const signed = world.statement(type, { hub: HUB, jti: type });
    expect((await decide(signed)).status).toBe(204);
    expect((await decide(signed)).status).toBe(204);
    const [row] = await world.query<{ body: SignalStatement; decision_hash: Buffer }>(
      'SELECT * FROM signals.decisions WHERE jti = $1',
      [type],
    );
    expect(row!.body).toEqual(signed.statement);
    expect(new Uint8Array(row!.decision_hash)).toEqual(decisionHashOf(signed.statement as SignalStatement));
    expect(JSON.stringify((await list()).body)).not.toContain(type);
    const second = world.statement('release-signal', { hub: HUB, jti: type });
    expect((await decide(second)).status).toBe(404);
  });

  it('take the first of two decisions that come at once', async () => {
    await held('raced');
    const decisions = ['release-signal', 'reject-signal'].map((type) =>
      world.statement(type as 'release-signal', { hub: HUB, jti: 'raced' }),
    );
    const answers = await Promise.all(decisions.map(decide));
    expect(answers.map(({ status }) => status).sort()).toEqual([204, 404]);
    expect(await world.query(`SELECT 1 FROM signals.decisions WHERE jti = 'raced'`)).toHaveLength(1);
  });

  it('take no decision that is forged, stale, malformed or about a signal that does not wait', async () => {
    await held('kept');
    await held('weighed', 'counted');
    const statement = { hub: HUB, jti: 'kept' };
    const good = world.statement('release-signal', statement);
    expect((await decide(world.statement('release-signal', statement, world.keys.operator))).status).toBe(403);
    expect((await decide({ ...good, statement: { ...good.statement, type: 'reject-signal' } })).status).toBe(403);
    expect((await decide(world.statement('release-signal', { ...statement, by: 'nobody' }))).status).toBe(403);
    expect((await decide({ ...good, signature: 'hello' })).status).toBe(403);
    expect((await decide(world.statement('release-signal', { ...statement, day: world.clock.today() - 8 }))).status).toBe(400);
    expect((await decide({ statement: 'x', signature: '' })).status).toBe(400);
    expect((await decide(world.statement('release-signal', { hub: HUB, jti: 'weighed' }))).status).toBe(404);
    expect((await decide(world.statement('release-signal', { hub: HUB, jti: 'absent' }))).status).toBe(404);
    expect(await world.query(`SELECT 1 FROM signals.decisions WHERE jti IN ('kept', 'weighed', 'absent')`)).toEqual([]);
  });
});

describe('a blind act', () => {
  const stored = (id: string) =>
    world.query<{ receipt: Buffer | null }>('SELECT receipt FROM pseudonyms.acts WHERE statement_id = $1', [id]);
  const idOf = (signed: { statement: { id: string } }) => signed.statement.id;

  it('is forwarded with the pseudonym’s selector, and answered with a receipt that is the same again', async () => {
    const body = await uriOf();
    const signed = world.statement('suspend', { uri: body['uri'] });
    const first = await act(signed);
    expect([first.status, Object.keys(first.body), String(first.body['receipt']).length]).toEqual([200, ['receipt'], 86]);
    const sent = JSON.parse(world.keyholder.asked.findLast(({ path }) => path === '/v1/acts')!.body.toString()) as {
      statement: object;
      signature: string;
      selector: SelectorJson;
      salt: string;
      publicKey: string;
    };
    expect(sent).toMatchObject({ ...signed, salt: body['salt'], publicKey: body['publicKey'] });
    const before = world.keyholder.count('/v1/acts');
    expect((await act(signed)).body).toEqual(first.body);
    expect(world.keyholder.count('/v1/acts')).toBe(before);
  });

  it('reinstates by a moderator’s or an operator’s word, and suspends by a moderator’s only', async () => {
    const { uri } = await uriOf();
    expect((await act(world.statement('reinstate', { uri }))).status).toBe(200);
    expect((await act(world.statement('reinstate', { uri, by: 'operator-1' }, world.keys.operator))).status).toBe(200);
    expect((await act(world.statement('suspend', { uri, by: 'operator-1' }, world.keys.operator))).status).toBe(403);
    expect((await act(world.statement('suspend', { uri }, world.keys.operator))).status).toBe(403);
  });

  it('is stored while the key holder is away, and done later without anybody asking again', async () => {
    const { uri } = await uriOf();
    const signed = world.statement('suspend', { uri });
    world.keyholder.isAway = true;
    expect((await act(signed)).status).toBe(503);
    expect(await stored(idOf(signed))).toEqual([{ receipt: null }]);
    const acts = world.app.get(Acts);
    expect(await acts.forwardWaiting()).toBe(1);
    world.keyholder.isAway = false;
    expect(await acts.forwardWaiting()).toBe(0);
    const [row] = await stored(idOf(signed));
    expect(row!.receipt).toHaveLength(64);
    expect((await act(signed)).status).toBe(200);
  });

  it('has its effect once when the answer of the key holder was lost', async () => {
    const { uri } = await uriOf();
    const signed = world.statement('suspend', { uri });
    world.keyholder.instead.set('/v1/acts', [
      () => {
        throw new Error('lost after it was done');
      },
    ]);
    expect((await act(signed)).status).toBe(503);
    expect((await act(signed)).status).toBe(200);
    expect(await stored(idOf(signed))).toHaveLength(1);
  });

  it('leaves nothing behind when the key holder refuses it', async () => {
    const { uri } = await uriOf();
    const signed = world.statement('suspend', { uri });
    world.keyholder.instead.set('/v1/acts', [world.keyholder.refuse]);
    expect((await act(signed)).status).toBe(403);
    expect(await stored(idOf(signed))).toEqual([]);
  });

  it('is not taken about an unknown pseudonym, stale, malformed, or with an id that was used', async () => {
    const [{ uri }, unknown] = [await uriOf(), (await world.redeemer()).body['uri']];
    expect((await act(world.statement('suspend', { uri: unknown }))).status).toBe(404);
    expect((await act(world.statement('suspend', { uri, day: world.clock.today() + 9 }))).status).toBe(400);
    expect((await act(world.statement('suspend', { uri: 'hello' }))).status).toBe(400);
    expect((await act(world.statement('seal', {}))).status).toBe(400);
    const signed = world.statement('suspend', { uri });
    expect((await act(signed)).status).toBe(200);
    expect((await act(world.statement('reinstate', { uri, id: idOf(signed) }))).status).toBe(400);
  });
});
