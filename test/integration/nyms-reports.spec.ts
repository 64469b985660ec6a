/** What a moderator reads of the reports about one pseudonym, over HTTP: room, reason, what each frank attests, and nothing a message said. */
import { createPrivateKey, generateKeyPairSync } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { SignJWT } from 'jose';
import { dayOf, DAY_MS, fromBase64Url, moderatorRequestType, pseudonymReports, toBase64Url } from '#contracts';
import type { HubEntry, PseudonymReports } from '#contracts';
import type { SendOptions } from '#hub-sdk';
import { frankedMessage, reportOf, reportWith } from '../fakes/abuse-reports.js';
import { AUDIENCE, startNymsWorld, testHub } from '../fakes/nyms-world.js';
import type { NymsWorld } from '../fakes/nyms-world.js';

let world: NymsWorld;
beforeAll(async () => void (world = await startNymsWorld()), 60_000);
afterAll(() => world?.stop());

const room = 'mimi://one.example/r/lobby';
const content = 'what the message said, word for word';
const franking = generateKeyPairSync('ed25519');
const frankingKeys = (key = franking): HubEntry['frankingKeys'] => [
  { suite: 1, key: toBase64Url(new Uint8Array(key.publicKey.export({ format: 'der', type: 'spki' }).subarray(-32))) },
];
const policyWith = (keys: HubEntry['frankingKeys']) =>
  world.setPolicy({
    hubs: Object.values(world.hubs).map(({ entry }) =>
      entry === world.hubs.one.entry && keys ? { ...entry, frankingKeys: keys } : entry,
    ),
  });

const bearer = (uri: string, more: object = {}, key = world.keys.moderator) =>
  new SignJWT({
    iss: 'mod',
    aud: AUDIENCE,
    iat: Math.floor(world.clock.now().getTime() / 1_000),
    sub_id: { format: 'uri', uri },
    case: 'c-1',
    ...more,
  })
    .setProtectedHeader({ alg: 'EdDSA', typ: moderatorRequestType })
    .sign(createPrivateKey(key.toPem()));
const read = async (uri: string, token?: string) =>
  world.call('GET', `/v1/moderation/pseudonyms/${encodeURIComponent(uri)}/reports`, {
    headers: { authorization: `Bearer ${token ?? (await bearer(uri))}` },
  });
const reports = async (uri: string): Promise<PseudonymReports['reports']> =>
  pseudonymReports.parse((await read(uri)).body).reports;

const newUri = async () => (await world.redeemer()).body['uri']!;
const accepted = () => BigInt(world.clock.now().getTime() - 3 * DAY_MS);
const message = (uri: string, mark: number, more: object = {}) =>
  frankedMessage(franking.privateKey, mark, content, { senderUri: uri, roomUri: room, acceptedTimestamp: accepted(), ...more });
const send = (uri: string, bytes: string, more: SendOptions & { room?: string } = {}) => {
  const { room: where = room, ...options } = more;
  const report = { reason: 'harassment', hubVerified: true, room: where, abuseReport: fromBase64Url(bytes) } as const;
  return world.hubClient(world.hubs.one).report(uri, report, options);
};

describe('reports about a pseudonym', () => {
  it('are hub, reason, room, day, and what the hub’s signature attests of each message', async () => {
    policyWith(frankingKeys());
    const uri = await newUri();
    const other = await newUri();
    const messages = [message(uri, 1), message(other, 2), message(uri, 3, { acceptedTimestamp: 1n })];
    await send(uri, reportOf(uri, [messages[0]!, messages[1]!, { ...messages[2]!, acceptedTimestamp: 2n ** 64n - 1n }]), {
      jti: 'full',
    });
    expect(await reports(uri)).toEqual([
      {
        hub: world.hubs.one.entry.id,
        jti: 'full',
        state: 'received',
        reason: 'harassment',
        reasonCode: 1,
        hubVerified: true,
        room,
        day: world.clock.today(),
        messages: [
          { acceptedDay: dayOf(new Date(Number(accepted()))), evidence: 'hub attests sender, room, time' },
          { acceptedDay: dayOf(new Date(Number(accepted()))), evidence: 'not verified' }, // another sender
          { evidence: 'not verified' }, // another time, and no date
        ],
      },
    ]);
    expect(await reports(other)).toEqual([]);
  });

  it('attest nothing in another room, without a key of the hub, or under another key', async () => {
    const uri = await newUri();
    await send(uri, reportOf(uri, [message(uri, 1)]), { jti: 'elsewhere', room: 'mimi://one.example/r/other' });
    const evidence = async () => (await reports(uri)).flatMap(({ messages }) => messages.map((one) => one.evidence));
    expect(await evidence()).toEqual(['not verified']);
    await send(uri, reportOf(uri, [message(uri, 2)]), { jti: 'here' });
    const both = ['hub attests sender, room, time', 'not verified'];
    expect((await evidence()).sort()).toEqual(both);
    policyWith(undefined);
    expect(await evidence()).toEqual(['not verified', 'not verified']);
    policyWith(frankingKeys(generateKeyPairSync('ed25519')));
    expect(await evidence()).toEqual(['not verified', 'not verified']);
    policyWith([...frankingKeys(generateKeyPairSync('ed25519'))!, ...frankingKeys()!]);
    expect((await evidence()).sort()).toEqual(both);
  });

  it('never show what a message said, who reported it, or the note', async () => {
    const uri = await newUri();
    await send(uri, reportOf(uri, [message(uri, 1)]));
    const { text } = await read(uri);
    for (const hidden of [content, toBase64Url(new TextEncoder().encode(content)), 'somebody', 'a note'])
      expect(text).not.toContain(hidden);
  });

  it('leave out what is no report of ours: malformed bytes, another’s bytes, and what was ignored', async () => {
    const uri = await newUri();
    await send(uri, 'AQI', { jti: 'malformed' });
    await send(uri, reportWith([1], await newUri()), { jti: 'of another' });
    await send(uri, reportWith([1], uri), { jti: 'ignored' });
    await world.query(`UPDATE signals.sets SET state = 'ignored' WHERE jti = 'ignored'`);
    await send(uri, reportWith([], uri), { jti: 'without messages' });
    await world.hubClient(world.hubs.one).report(uri, { reason: 'spam', hubVerified: false }, { jti: 'bare' });
    await world.hubClient(world.hubs.one).kick(uri, { by: 'hub' });
    expect((await reports(uri)).map(({ jti, messages }) => [jti, messages]).sort()).toEqual([
      ['bare', []],
      ['without messages', []],
    ]);
  });

  it('of one that was revoked are shown when many operators speak of it, and else are none: others may have ended it', async () => {
    const [{ body: known }, operators] = [await world.redeemer(), Array.from({ length: 9 }, (_, i) => `far-${i}`)];
    expect((await world.call('POST', '/v1/pseudonyms', { body: known })).status).toBe(201);
    const uri = known['uri']!;
    const hubs = operators.map((name) => testHub(name));
    world.setPolicy({ hubs: hubs.map(({ entry }) => entry), newOperatorDays: 0 });
    const tell = async (from: number, to: number) => {
      for (const [i, hub] of hubs.slice(from, to).entries()) {
        const jti = `far ${from + i}`;
        await world.hubClient(hub).report(uri, { reason: 'spam', hubVerified: true }, { jti });
        await world.query(`UPDATE signals.sets SET state = 'counted' WHERE jti = $1`, [jti]);
        await world.query(
          `INSERT INTO tallies.manifest_entries (epoch, position, hub, jti, set_hash) VALUES (1, $1, $2, $3, '')`,
          [from + i, hub.entry.id, jti],
        );
      }
    };
    await tell(0, 2);
    expect(await reports(uri)).toHaveLength(2);
    await world.query('UPDATE pseudonyms.pseudonyms SET revoked = true WHERE uri = $1', [uri]);
    expect(await reports(uri)).toEqual([]);
    await tell(2, 9);
    expect(await reports(uri)).toHaveLength(9);
  });

  it('are for a moderator, about a pseudonym, for a case of theirs', async () => {
    const uri = await newUri();
    expect((await read(uri, '')).status).toBe(401);
    expect((await read(uri, await bearer(uri, { aud: 'https://other.example' }))).status).toBe(401);
    expect((await read(uri, await bearer(uri, { iss: 'operator-1' }, world.keys.operator))).status).toBe(401);
    expect((await read(uri, await bearer(await newUri()))).status).toBe(401);
    expect((await read(uri, await bearer(uri, { case: '' }))).status).toBe(400);
    expect((await read('hello')).body).toEqual({ reports: [] });
    expect((await read('\0')).body).toEqual({ reports: [] });
    expect((await read(uri)).body).toEqual({ reports: [] });
    expect(world.lines.join('\n')).not.toContain(uri);
  });
});
