/** What notices could tell about which pseudonyms belong together, seen by hubs that compare notes and by whoever reads the tables. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { startNymsWorld } from '../fakes/nyms-world.js';
import type { NymsWorld } from '../fakes/nyms-world.js';
import { unlimited } from '../fakes/set-sender.js';
import { become, look, pseudonyms, revoke, streamHub } from '../fakes/stream-hub.js';
import type { ReceivedSet } from '../fakes/stream-hub.js';

let world: NymsWorld;
let one: ReturnType<typeof streamHub>;
let two: ReturnType<typeof streamHub>;
beforeAll(async () => {
  world = await startNymsWorld({ policy: { limits: unlimited } });
  one = streamHub(world, world.hubs.one);
  two = streamHub(world, world.hubs.two);
}, 60_000);
afterAll(() => world?.stop());
afterEach(async () => void (await world.query('DELETE FROM streams.streams')));

const uriOf = (set: ReceivedSet) => set.sub_id['uri']!;
const both = async (count: number) => {
  const some = await pseudonyms(world, count);
  const streams = [await one.create(), await two.create()] as const;
  await world.query("INSERT INTO streams.subjects SELECT s, uri, 'uri' FROM unnest($1::text[]) AS s, unnest($2::text[]) AS uri", [
    streams,
    some.map(({ uri }) => uri),
  ]);
  return { some, streams };
};

describe('notices', () => {
  it('of two pseudonyms, or to two hubs, share no jti, no txn and no member that depends on the frame', async () => {
    const { some, streams } = await both(6);
    await revoke(world, some);
    const sets = [...(await one.drain(streams[0])), ...(await two.drain(streams[1]))];
    expect(sets).toHaveLength(24);
    expect(new Set(sets.map(({ jti }) => jti)).size).toBe(24);
    const ownersOf = new Map<string, Set<string>>();
    for (const set of sets) {
      const owners = ownersOf.get(set.txn) ?? new Set();
      ownersOf.set(set.txn, owners.add(`${String(set['aud'])} ${uriOf(set)}`));
    }
    expect(ownersOf.size).toBe(12);
    expect([...ownersOf.values()].every((owners) => owners.size === 1)).toBe(true);
    const rest = sets.map(({ jti: _jti, txn: _txn, sub_id: _subject, aud: _aud, ...claims }) => JSON.stringify(claims));
    expect(new Set(rest).size).toBe(2); // one per event type
  });

  it('name the hour and no time in it, so two frames of an hour are one', async () => {
    const { some, streams } = await both(2);
    world.clock.advanceMs(3_600_000 - (world.clock.now().getTime() % 3_600_000) + 60_000);
    await revoke(world, [some[0]!]);
    world.clock.advanceMs(50 * 60_000);
    await revoke(world, [some[1]!]);
    const times = new Set((await one.drain(streams[0])).map(({ iat }) => iat));
    expect(times.size).toBe(1);
    const [time] = times;
    expect(time! % 3_600).toBe(0);
    expect(time! * 1_000).toBeLessThanOrEqual(world.clock.now().getTime());
    const rows = await world.query<{ row: string }>('SELECT to_jsonb(t)::text AS row FROM streams.queue t');
    for (const { row } of rows) expect(row).not.toMatch(/T\d\d:\d\d/);
  });

  it('are queued and given in an order that has nothing of the frame’s', async () => {
    // ranks of a frame's eight pseudonyms as rows lie and as they are given: of 40,320 orders, two of twelve frames are rarely the same
    const places = { lying: new Map<string, number>(), given: new Map<string, number>() };
    const frames = 12;
    for (let frame = 0; frame < frames; frame++) {
      const { some, streams } = await both(8);
      await revoke(world, some);
      const rows = await world.query<{ uri: string }>('SELECT uri FROM streams.queue WHERE stream_id = $1 ORDER BY ctid', [
        streams[0],
      ]);
      const given = (await one.drain(streams[0])).map(uriOf);
      const rank = (list: readonly string[]) =>
        [...new Set(list)].map((uri) => some.findIndex((each) => each.uri === uri)).join();
      const note = (map: Map<string, number>, list: readonly string[]) => map.set(rank(list), (map.get(rank(list)) ?? 0) + 1);
      note(
        places.lying,
        rows.map(({ uri }) => uri),
      );
      note(places.given, given);
      await world.query('DELETE FROM streams.streams');
    }
    expect(places.lying.size).toBe(frames);
    expect(places.given.size).toBe(frames);
  });

  it('go to hubs that added the pseudonym and to no other', async () => {
    const [mine, yours, nobodys] = await pseudonyms(world, 3);
    const [first, second] = [await one.create(), await two.create()];
    await one.add(first, mine!.uri);
    await two.add(second, yours!.uri);
    await look(world);
    await revoke(world, [mine!, yours!, nobodys!]);
    expect(new Set((await one.drain(first)).map(uriOf))).toEqual(new Set([mine!.uri]));
    expect(new Set((await two.drain(second)).map(uriOf))).toEqual(new Set([yours!.uri]));
    const { body } = await one.call('GET', `/v1/streams/deliveries?stream_id=${first}`);
    expect(JSON.stringify(body)).not.toContain('mimi://');
  });

  it('stop when the hub removes the pseudonym, with what was queued', async () => {
    const [some] = await pseudonyms(world, 1);
    const id = await one.create();
    await one.add(id, some!.uri);
    await look(world);
    await revoke(world, [some!]);
    await one.call('POST', '/v1/streams/subjects/removal', {
      body: { stream_id: id, subject: { format: 'uri', uri: some!.uri } },
    });
    expect(await one.drain(id)).toEqual([]);
  });

  it('leave no pseudonym in the log, in metrics or in a queue job', async () => {
    const { some, streams } = await both(3);
    await revoke(world, some);
    await look(world);
    await one.drain(streams[0]);
    const { text } = await world.call('GET', '/metrics');
    const jobs = await world.query<{ row: string }>('SELECT to_jsonb(t)::text AS row FROM streams.log t');
    for (const { uri } of some) {
      const name = uri.split('/').at(-1)!;
      expect(text).not.toContain(name);
      expect(world.lines.join('\n')).not.toContain(name);
      expect(JSON.stringify(jobs)).not.toContain(name);
    }
    expect(text).toContain('nyms_set_deliveries_total{method="poll",outcome="delivered"} ');
  });

  it('queue nothing when the revocation does not commit', async () => {
    const { some } = await both(1);
    await world.query('ALTER TABLE streams.queue ADD CONSTRAINT broken CHECK (false) NOT VALID');
    await expect(revoke(world, some)).rejects.toThrow();
    await world.query('ALTER TABLE streams.queue DROP CONSTRAINT broken');
    expect(await world.query('SELECT 1 FROM pseudonyms.pseudonyms WHERE uri = $1 AND revoked', [some[0]!.uri])).toEqual([]);
    expect(await revoke(world, some)).toBe(1);
  });
});

describe('adding a subject', () => {
  it('brings the same notices for one that was revoked, has expired, is out of use or never was there', async () => {
    const [revoked, expired, disabled, active] = await pseudonyms(world, 4);
    await revoke(world, [revoked!]);
    await become(world, [disabled!], 'disabled');
    await world.query('UPDATE pseudonyms.pseudonyms SET expiry_day = $2 WHERE uri = $1', [expired!.uri, world.clock.today()]);
    const unknown = `mimi://provider.example/p/${'y'.repeat(26)}`;
    const id = await one.create();
    const answers = [];
    for (const uri of [revoked!.uri, expired!.uri, disabled!.uri, unknown, active!.uri]) answers.push(await one.add(id, uri));
    expect(new Set(answers.map(({ status, text }) => `${status} ${text}`)).size).toBe(1);
    await look(world);
    const told = Map.groupBy(await one.drain(id), uriOf);
    expect(new Set(told.keys())).toEqual(new Set([revoked!.uri, expired!.uri, disabled!.uri, unknown]));
    const said = [...told.values()].map((sets) => sets.map(({ events, iat }) => JSON.stringify([events, iat])).sort());
    for (const sets of said) expect(sets).toEqual(said[0]);
    // one that comes back is told of then, and only it
    await become(world, [disabled!], 'enabled');
    const back = await one.drain(id);
    expect(back.map((set) => [uriOf(set), Object.keys(set.events)])).toEqual([
      [disabled!.uri, ['https://schemas.openid.net/secevent/risc/event-type/account-enabled']],
    ]);
  });

  it('takes as long for one as for the other', async () => {
    const id = await one.create();
    const known = await pseudonyms(world, 60);
    await revoke(world, known.slice(30));
    const times: Record<'active' | 'ended' | 'unknown', number[]> = { active: [], ended: [], unknown: [] };
    for (let i = 0; i < 30; i++) {
      for (const [kind, uri] of [
        ['active', known[i]!.uri],
        ['ended', known[30 + i]!.uri],
        ['unknown', `mimi://provider.example/p/never-${i}`],
      ] as const) {
        const began = performance.now();
        await one.add(id, uri);
        times[kind].push(performance.now() - began);
      }
    }
    const median = (list: number[]) => [...list].sort((a, b) => a - b)[15]!;
    const medians = Object.values(times).map(median);
    expect(Math.max(...medians)).toBeLessThan(3 * Math.min(...medians) + 5);
  });
});
