/** The reference hub as its operator runs it, against a running service: what it tells is stored, what it is told holds in its rooms. */
import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { decodeJwt } from 'jose';
import { eventTypes, pseudonymUri } from '#contracts';
import type { ActStatement } from '#contracts';
import { root } from '../../apps/ctl/src/stack/root.js';
import { Provider } from './bad-input/provider.js';
import { ReferenceHub } from './reference-hub/process.js';
import { runBlock } from './ctl.js';
import { signedAct } from './reference-hub/act.js';
import { thirdTerminal } from './reference-hub/guide.js';

jest.setTimeout(300_000);

describe('the reference hub', () => {
  let provider: Provider;
  let running: ReferenceHub | undefined;
  beforeAll(async () => {
    provider = await Provider.start((document) => document);
  });
  afterEach(() => running?.stop());
  afterAll(() => provider?.stop());

  const start = async (...args: string[]) => (running = await ReferenceHub.start(provider.stack, args));
  const act = async (type: ActStatement['type'], uri: string) => {
    const { status } = await provider.json(
      'nyms',
      '/v1/moderation/pseudonyms',
      signedAct(provider.stack, type, pseudonymUri.parse(uri)),
    );
    expect(status).toBe(200);
  };
  /** Asks until the hub's state is so. */
  const until = (hub: string, so: (state: Awaited<ReturnType<ReferenceHub['state']>>) => boolean) =>
    provider.until(async () => so(await running!.state(hub)));
  const stored = (uri: string) =>
    provider.rows<{ event_type: string }>('nyms', 'SELECT event_type FROM signals.sets WHERE uri = $1 ORDER BY event_type', [
      uri,
    ]);

  // hubs of their own: a stream is verified once in ten seconds at most
  it.each([['push', 'hub-01', 'hub-02', []] as const, ['poll', 'hub-03', 'hub-04', ['--poll']] as const])(
    'hears by %s of the end of a pseudonym that it has met, and of no other, and removes it',
    async (delivery, one, another, args) => {
      const hub = await start(...[one, another].flatMap((name) => ['--hub', `https://${name}.example`]), ...args);
      await until(one, ({ received }) => received.verification === 1);
      const [met] = await provider.mint(await provider.person(1), 1);
      const [strange] = await provider.mint(await provider.person(1), 1);
      expect(await hub.ask(one, 'join', { room: 'lobby', pseudonym: met })).toEqual({ outcome: 'joined' });
      expect(await hub.ask(another, 'join', { room: 'lobby', pseudonym: strange })).toEqual({ outcome: 'joined' });
      await until(one, ({ stream }) => stream.subjects.known === 1 && stream.subjects.toTell === 0);
      await until(another, ({ stream }) => stream.subjects.known === 1 && stream.subjects.toTell === 0);
      expect((await hub.state(one)).stream.delivery).toBe(delivery);

      await act('suspend', met!);
      await until(one, ({ notValid }) => notValid.some(({ why }) => why === 'revoked'));
      const [told, other] = [await hub.state(one), await hub.state(another)];
      expect(told.notValid).toEqual([{ pseudonym: met, why: 'revoked' }]);
      expect(told.rooms).toEqual([{ room: 'lobby', members: [], bans: [] }]);
      expect(other.notValid).toEqual([]);
      expect(other.rooms).toEqual([{ room: 'lobby', members: [{ pseudonym: strange }], bans: [] }]);
      expect(await hub.ask(one, 'join', { room: 'lobby', pseudonym: met })).toEqual({ outcome: 'not-valid' });
    },
  );

  it('applies the remedies a hub has alone, and tells the provider of those that others should hear of', async () => {
    const hub = await start('--joins', '2', '--messages', '3');
    const [uri] = await provider.mint(await provider.person(1), 1);
    const lobby = { room: 'lobby', pseudonym: uri };
    await hub.ask('hub-01', 'join', lobby);
    expect(await hub.ask('hub-01', 'mute', { ...lobby, seconds: 600 })).toEqual({ done: true });
    expect(await hub.ask('hub-01', 'message', lobby)).toEqual({ outcome: 'muted' });
    expect(await hub.ask('hub-01', 'kick', lobby)).toEqual({ done: true });
    for (let i = 0; i < 2; i++) await hub.ask('hub-01', 'join', lobby); // the second is one over the limit
    expect(await hub.ask('hub-01', 'ban', { pseudonym: uri })).toEqual({ jti: expect.any(String) });
    expect(await hub.ask('hub-01', 'join', lobby)).toEqual({ outcome: 'banned' });
    expect(await hub.ask('hub-01', 'unban', { pseudonym: uri })).toEqual({ done: true });
    expect(await hub.ask('hub-01', 'report', { pseudonym: uri, reason: 'spam' })).toEqual({ jti: expect.any(String) });
    await provider.until(async () => (await stored(uri!)).length >= 5); // nobody waits for the rate to be told
    expect((await stored(uri!)).map(({ event_type: type }) => type)).toEqual(
      [eventTypes.abuseReport, eventTypes.ban, eventTypes.kick, eventTypes.rate, eventTypes.unban].sort(),
    );
    expect(running!.output()).not.toContain(uri!);
  });

  it('bans for a time too, from one room, and says so to the provider', async () => {
    const hub = await start();
    const [uri] = await provider.mint(await provider.person(1), 1);
    const lobby = { room: 'lobby', pseudonym: uri };
    await hub.ask('hub-01', 'ban', { ...lobby, seconds: 3_600 });
    expect(await hub.ask('hub-01', 'join', lobby)).toEqual({ outcome: 'banned' });
    expect(await hub.ask('hub-01', 'join', { ...lobby, room: 'garden' })).toEqual({ outcome: 'joined' });
    const [ban] = await provider.rows<{ token: string }>('nyms', 'SELECT token FROM signals.sets WHERE uri = $1', [uri]);
    const { events } = decodeJwt<{ events: object }>(ban!.token);
    expect(events).toEqual({ [eventTypes.ban]: { by: 'room-admin', durationSeconds: 3_600 } });
  });

  it('is the provider’s own hub like any other: a hub of the policy, whose joins and messages over a limit are counted signals', async () => {
    const policy = provider.stack.policy();
    const own = `https://rooms.${policy.domain}`;
    const [other] = policy.hubs;
    const entry = { id: own, operator: 'provider', keys: expect.any(Array) };
    expect(policy.hubs.find(({ id }) => id === own)).toEqual({ ...other, ...entry });
    const hub = await start('--hub', own, '--joins', '1', '--messages', '2');
    const [uri] = await provider.mint(await provider.person(1), 1);
    const lobby = { room: 'lobby', pseudonym: uri };
    for (let i = 0; i < 2; i++) await hub.ask('rooms', 'join', lobby);
    for (let i = 0; i < 3; i++) await hub.ask('rooms', 'message', lobby);
    await provider.until(async () => (await stored(uri!)).length === 2);
    await provider.closeEpoch();
    const rows = await provider.rows<{ hub: string; state: string; token: string }>(
      'nyms',
      'SELECT hub, state::text, token FROM signals.sets WHERE uri = $1',
      [uri],
    );
    expect(rows.map(({ hub: from, state }) => [from, state])).toEqual(Array(2).fill([own, 'counted']));
    const metricOf = (token: string) =>
      decodeJwt<{ events: Record<string, { metric: string }> }>(token).events[eventTypes.rate]?.metric;
    expect(rows.map(({ token }) => metricOf(token)).sort()).toEqual(['joins', 'messages']);
  });

  it('does what the ten minutes of the guide say, word by word: a counted report, and a remedy that is received', async () => {
    const { control } = await start();
    const { dataDir } = provider.stack;
    const { code, output } = await runBlock(thirdTerminal({ dataDir, control: new URL(control).host }), {
      cwd: root,
      env: { CTL_DATA: dataDir },
    });
    expect({ code, output }).toMatchObject({ code: 0 });
    expect(output).toContain('{"outcome":"joined"}');
    expect(output).toMatch(/hub-01\.example +│ +2 /); // report and ban, accepted
    const uri = output.trim().split('\n').at(-1);
    const rows = await provider.rows<{ state: string }>('nyms', 'SELECT state::text FROM signals.sets WHERE uri = $1', [uri]);
    expect(rows.map(({ state }) => state)).toEqual(['counted', 'counted']);
    await until('hub-01', ({ notValid }) => notValid.some(({ pseudonym, why }) => pseudonym === uri && why === 'revoked'));
  });

  it('keeps its stream over a restart', async () => {
    const first = await start();
    const { id } = (await first.state('hub-01')).stream;
    await first.stop();
    expect((await (await start('--poll')).state('hub-01')).stream).toMatchObject({ id, delivery: 'poll' });
  });

  it.each([
    ['no service', ['--nyms', 'http://127.0.0.1:1'], 'is nyms up at --nyms'],
    ['no authorization server', ['--tokens', 'http://127.0.0.1:1/token'], 'is --tokens right'],
    ['another provider', ['--audience', 'https://other.example'], 'is it --audience?'],
    ['a hub without a key', ['--hub', 'https://hub-99.example'], 'cannot be read (ENOENT)'],
  ])('says in one line what is wrong: %s', async (_what, args, words) => {
    const { code, output } = await ReferenceHub.fails(provider.stack, args);
    expect(code).toBe(1);
    expect(output.trim().split('\n')).toEqual([expect.stringContaining(words)]);
  });

  it('explains itself', async () => {
    const task = [path.join(root, 'scripts', 'task.mjs'), 'hub', '--help'];
    const { stdout } = await promisify(execFile)(process.execPath, task);
    expect(stdout).toContain('Usage: node scripts/task.mjs hub');
  });
});
