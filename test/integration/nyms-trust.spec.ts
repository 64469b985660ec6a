/** Reviews by moderators over HTTP, the trust that follows from them, and the coarse reasons of a suspension. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createPrivateKey } from 'node:crypto';
import { SignJWT } from 'jose';
import { moderatorRequestType } from '#contracts';
import { Retention } from '../../apps/nyms/src/retention/retention.js';
import { AUDIENCE, startNymsWorld } from '../fakes/nyms-world.js';
import type { NymsWorld } from '../fakes/nyms-world.js';

let world: NymsWorld;
beforeAll(async () => void (world = await startNymsWorld()), 60_000);
afterAll(() => world?.stop());

const HUB = 'https://one.example';
const token = (more: object = {}, key = world.keys.moderator) =>
  new SignJWT({ iss: 'mod', aud: AUDIENCE, iat: Math.floor(world.clock.now().getTime() / 1_000), ...more })
    .setProtectedHeader({ alg: 'EdDSA', typ: moderatorRequestType })
    .sign(createPrivateKey(key.toPem()));
const get = async (where: string, bearer: string) => world.call('GET', where, { headers: { authorization: `Bearer ${bearer}` } });
const review = (body: object) => world.call('POST', '/v1/moderation/reviews', { body });
const mint = async () => {
  const { body } = await world.redeemer();
  expect((await world.call('POST', '/v1/pseudonyms', { body })).status).toBe(201);
  return String(body['uri']);
};
const signalled = async (
  jti: string,
  { uri, state = 'counted', hub = world.hubs.one } = {} as { uri?: string; state?: string; hub?: NymsWorld['hubs']['one'] },
) => {
  const about = uri ?? (await mint());
  await world.hubClient(hub).report(about, { reason: 'spam', hubVerified: true }, { jti });
  await world.query('UPDATE signals.sets SET state = $2::signals.state WHERE jti = $1', [jti, state]);
  return about;
};
const stored = (hub = HUB) => world.query<{ finding: string }>('SELECT finding FROM trust.reviews WHERE hub = $1', [hub]);

describe('a review', () => {
  it('is taken once of each moderator and signal, by a signed statement, and changes no signal', async () => {
    await signalled('seen');
    const signed = world.statement('review-signal', { hub: HUB, jti: 'seen', finding: 'overturned' });
    expect((await review(signed)).status).toBe(204);
    expect((await review(signed)).status).toBe(204);
    expect((await review(world.statement('review-signal', { hub: HUB, jti: 'seen', finding: 'upheld' }))).status).toBe(404);
    expect(await stored()).toEqual([{ finding: 'overturned' }]);
    expect(await world.query(`SELECT state::text FROM signals.sets WHERE jti = 'seen'`)).toEqual([{ state: 'counted' }]);
  });

  it('is one outcome of all that a hub said of a pseudonym', async () => {
    const uri = await signalled('of-many-1');
    await signalled('of-many-2', { uri });
    expect((await review(world.statement('review-reports', { hub: HUB, uri, finding: 'upheld' }))).status).toBe(204);
    const other = await mint();
    expect((await review(world.statement('review-reports', { hub: HUB, uri: other, finding: 'upheld' }))).status).toBe(404);
  });

  it('by pseudonym is no way to ask whether a hub spoke of one that was revoked and that few operators speak of', async () => {
    const [seen, reported, sibling] = [await signalled('before'), await signalled('few'), await mint()];
    const said = (uri: string, hub = HUB) => world.statement('review-reports', { hub, uri, finding: 'upheld' });
    const before = said(seen);
    expect((await review(before)).status).toBe(204); // it is active, and its reports are there to be read
    await world.query(
      `INSERT INTO tallies.manifest_entries (epoch, position, hub, jti, set_hash) VALUES (2, 0, '${HUB}', 'few', ''), (2, 1, '${HUB}', 'before', '')`,
    );
    await world.query('UPDATE pseudonyms.pseudonyms SET revoked = true WHERE uri = ANY($1)', [[seen, reported, sibling]]);
    const trust = async () => (await get('/v1/moderation/hubs/trust', await token())).text;
    const known = await trust();
    for (const hub of [HUB, 'https://two.example']) {
      const [one, other] = [await review(said(reported, hub)), await review(said(sibling, hub))];
      const { instance: _one, ...answer } = one.body;
      const { instance: _other, ...same } = other.body;
      expect([one.status, answer]).toEqual([404, same]);
    }
    expect(await trust()).toBe(known);
    expect((await review(before)).status).toBe(204); // the same statement again
    expect((await review(world.statement('review-signal', { hub: HUB, jti: 'few', finding: 'upheld' }))).status).toBe(204);
  });

  it('is not taken of what has not counted, forged, stale, malformed or from somebody else', async () => {
    await signalled('fine');
    await signalled('waits', { state: 'held' });
    const about = { hub: HUB, jti: 'fine', finding: 'upheld' };
    const good = world.statement('review-signal', about);
    expect((await review(world.statement('review-signal', { ...about, jti: 'waits' }))).status).toBe(404);
    expect((await review(world.statement('review-signal', { ...about, jti: 'absent' }))).status).toBe(404);
    expect((await review({ ...good, statement: { ...good.statement, finding: 'overturned' } })).status).toBe(403);
    expect((await review(world.statement('review-signal', about, world.keys.operator))).status).toBe(403);
    expect((await review(world.statement('review-signal', { ...about, by: 'nobody' }))).status).toBe(403);
    expect((await review(world.statement('review-signal', { ...about, day: world.clock.today() - 8 }))).status).toBe(400);
    expect((await review(world.statement('review-signal', { ...about, finding: 'perhaps' }))).status).toBe(400);
    expect((await review(world.statement('release-signal', { hub: HUB, jti: 'fine' }))).status).toBe(400);
  });

  it('goes with what it is about', async () => {
    const two = { hub: 'https://two.example', finding: 'upheld' };
    const uri = await signalled('gone', { hub: world.hubs.two });
    await review(world.statement('review-signal', { ...two, jti: 'gone' }));
    await review(world.statement('review-reports', { ...two, uri }));
    expect(await stored(two.hub)).toHaveLength(2);
    await world.app.get(Retention).removeOld();
    expect(await stored(two.hub)).toHaveLength(2);
    await world.query(`DELETE FROM signals.sets WHERE jti = 'gone'`);
    await world.app.get(Retention).removeOld();
    expect(await stored(two.hub)).toEqual([]);
    expect(await stored()).not.toEqual([]);
  });
});

describe('trust of hubs', () => {
  const trustOf = async (hub: string) => {
    const { status, body } = await get('/v1/moderation/hubs/trust', await token());
    expect(status).toBe(200);
    return (body['hubs'] as { hub: string }[]).find((one) => one.hub === hub);
  };

  it('follows from reviews and from decisions on held signals, of that hub alone, and changes no policy', async () => {
    await world.query('DELETE FROM trust.reviews');
    const before = await trustOf('https://two.example');
    for (let i = 0; i < 20; i++) {
      const [jti, hub] = [`trust-${i}`, HUB];
      await signalled(jti, { state: i < 4 ? 'held' : 'counted' });
      const answer =
        i < 4
          ? await world.call('POST', '/v1/moderation/signals', {
              body: world.statement(i < 2 ? 'release-signal' : 'reject-signal', { hub, jti }),
            })
          : await review(world.statement('review-signal', { hub, jti, finding: i < 10 ? 'upheld' : 'overturned' }));
      expect(answer.status).toBe(204);
    }
    // somebody looked again at one that was released, and does not agree: 19 are left
    await world.query(`UPDATE signals.sets SET state = 'counted' WHERE jti = 'trust-0'`);
    await review(world.statement('review-signal', { hub: HUB, jti: 'trust-0', finding: 'overturned' }));
    expect(await trustOf(HUB)).toEqual({
      hub: HUB,
      trust: 100,
      upheld: 7,
      overturned: 12,
      disputed: 1,
      suggested: 100,
      why: 'too-few-reviews',
    });
    await signalled('trust-20');
    await review(world.statement('review-signal', { hub: HUB, jti: 'trust-20', finding: 'overturned' }));
    expect(await trustOf(HUB)).toMatchObject({ overturned: 13, suggested: 90, why: 'below-trust' });
    expect(await trustOf('https://two.example')).toEqual(before);
  });

  it('is shown to moderators and operators only', async () => {
    const read = async (bearer: string) => (await get('/v1/moderation/hubs/trust', bearer)).status;
    expect(await read(await token({ iss: 'operator-1' }, world.keys.operator))).toBe(200);
    expect(await read(await token({ iss: 'operator-1' }))).toBe(401);
    expect(await read(await token({}, world.keys.operator))).toBe(401);
    expect(await read('x.y.z')).toBe(401);
  });
});

describe('why a pseudonym was suspended', () => {
  const read = async (uri: string, claims: object = {}) =>
    get(
      `/v1/moderation/pseudonyms/${encodeURIComponent(uri)}/reasons`,
      await token({ sub_id: { format: 'uri', uri }, case: 'c-1', ...claims }),
    );
  const revoke = (uri: string) => world.query('UPDATE pseudonyms.pseudonyms SET revoked = true WHERE uri = $1', [uri]);

  it('is the same answer for one that a hub signalled and for one that nobody did', async () => {
    const [reported, sibling] = [await signalled('why'), await mint()];
    await world.query(
      `INSERT INTO tallies.manifest_entries (epoch, position, hub, jti, set_hash) VALUES (1, 0, '${HUB}', 'why', '')`,
    );
    for (const uri of [reported, sibling]) await revoke(uri);
    const [one, other] = [await read(reported), await read(sibling)];
    expect(one.status).toBe(200);
    expect(one.text).toBe(other.text);
    expect(one.body).toEqual({ operators: { least: 0, most: 2 }, reasons: [] });
  });

  it('is not told of one that is active or that nobody has, nor to whoever did not sign for it and a case', async () => {
    const [active, revoked] = [await mint(), await mint()];
    await revoke(revoked);
    expect((await read(active)).status).toBe(404);
    expect((await read(active.replace(/.{4}$/, 'aaaa'))).status).toBe(404);
    expect((await read(revoked, { case: '' })).status).toBe(400);
    expect((await read(revoked, { sub_id: { format: 'uri', uri: active } })).status).toBe(401);
    expect((await read(revoked, { iss: 'operator-1' })).status).toBe(401);
  });
});
