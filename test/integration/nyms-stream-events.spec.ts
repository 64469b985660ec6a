/** Events about a hub's stream (SSF 1.0 §8.1.4, §8.1.5) and of CAEP and RISC, pushed and polled: what is taken, what is refused, and what is kept. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { streamEventTypes } from '#contracts';
import { HubPoller } from '../../apps/nyms/src/polling/hub-poller.js';
import { StreamVerifications } from '../../apps/nyms/src/polling/stream-verifications.js';
import { HubTransmitter } from '../fakes/hub-transmitter.js';
import { startNymsWorld, testHub } from '../fakes/nyms-world.js';
import type { NymsWorld, TestHub } from '../fakes/nyms-world.js';
import { setSender, unlimited } from '../fakes/set-sender.js';

let world: NymsWorld;
let transmitter: HubTransmitter;
let hub: TestHub;
const hubTokens: Record<string, string> = {};
beforeAll(async () => {
  transmitter = await HubTransmitter.start();
  hubTokens[transmitter.origin] = 'shown-to-the-hub';
  world = await startNymsWorld({ hubTokens });
}, 60_000);
afterAll(async () => {
  await world?.stop();
  transmitter?.stop();
});
const { claims, good, push, seconds, sign, stored } = setSender(() => world);

beforeEach(async () => {
  await world.query('DELETE FROM polling.streams');
  const { origin: id, verificationUrl } = transmitter;
  hub = testHub('streaming', { id, transmitter: { streamId: 'stream-1', verificationUrl } });
  follow(hub);
});
const follow = (one: TestHub) =>
  world.setPolicy({ hubs: [...Object.values(world.hubs), one].map(({ entry }) => entry), limits: unlimited });
const streamSet = (type: string, payload: object, more: object = {}) =>
  sign(hub, claims(hub, { sub_id: { format: 'opaque', id: 'stream-1' }, events: { [type]: payload }, ...more }), {
    kid: 'streaming-1',
  });
const verification = (payload: object = {}, more: object = {}) => streamSet(streamEventTypes.verification, payload, more);
const answerTo = async (token: string) => {
  const { status, body } = await push(token);
  return status === 202 ? 202 : body?.['err'];
};
/** Has nyms ask for a verification event. @returns the state it asks for */
const asked = async () => {
  const before = transmitter.asked.length;
  await world.app.get(StreamVerifications).look();
  return transmitter.asked[before]?.body.state;
};

describe('a verification event', () => {
  it('that nobody has asked for is taken without a state, and refused with one', async () => {
    expect(await answerTo(verification())).toBe(202);
    expect(await answerTo(verification({ state: 'mine' }))).toBe('invalid_state');
    const { headers, body } = await push(verification({ state: 'mine' }));
    expect([headers.get('content-language'), Object.keys(body!)]).toEqual(['en', ['err', 'description']]);
  });

  it('that was asked for brings the very state, again and again in the same SET', async () => {
    const state = await asked();
    expect(state).toHaveLength(43);
    expect(transmitter.asked.at(-1)).toMatchObject({ body: { stream_id: 'stream-1' }, authorization: 'Bearer shown-to-the-hub' });
    expect(await answerTo(verification({ state: `${state}x` }))).toBe('invalid_state');
    expect(await answerTo(verification())).toBe('invalid_state');
    const token = verification({ state });
    expect([await answerTo(token), await answerTo(token)]).toEqual([202, 202]);
    expect(await answerTo(verification({ state }))).toBe('invalid_state'); // another SET: it was spent
    expect(await answerTo(verification())).toBe(202);
    expect(await answerTo(token)).toBe(202);
  });

  it('comes too late after an hour, is asked for again, and operators hear of the silence', async () => {
    const state = await asked();
    expect(await asked()).toBeUndefined(); // it is under way
    world.clock.advanceMs(3_601_000);
    expect(await answerTo(verification({ state }))).toBe('invalid_state');
    const before = world.lines.filter((line) => line.includes('"hub-unverified"')).length;
    const second = await asked();
    expect(second).toBeDefined();
    expect(second).not.toBe(state);
    expect(world.lines.filter((line) => line.includes('"hub-unverified"'))).toHaveLength(before + 1);
    expect(await answerTo(verification({ state: second }))).toBe(202);
    expect(await asked()).toBeUndefined(); // answered: not before tomorrow
    world.clock.advanceDays(1);
    expect(await asked()).toBeDefined();
  });

  it.each([
    ['of another stream', { sub_id: { format: 'opaque', id: 'stream-2' } }],
    ['about a pseudonym', { sub_id: { format: 'uri', uri: 'mimi://provider.example/p/abcdefghijklmnopqrstuvwxyz' } }],
    ['with a sub', { sub: 'stream-1' }],
    ['with an exp', { exp: 1_900_000_000 }],
    ['together with another event', { events: { [streamEventTypes.verification]: {}, 'urn:other': {} } }],
    ['with a state that is no text', { events: { [streamEventTypes.verification]: { state: 7 } } }],
  ])('%s is malformed', async (_, more) => {
    expect(await answerTo(verification({}, more))).toBe('invalid_request');
  });

  it('is looked at like any SET: type, audience, age, issuer and signature', async () => {
    const about = { sub_id: { format: 'opaque', id: 'stream-1' }, events: { [streamEventTypes.verification]: {} } };
    const of = (more: object, header: object = {}, by = hub) =>
      sign(by, claims(hub, { ...about, ...more }), { kid: 'streaming-1', ...header });
    expect(await answerTo(of({}, { typ: 'JWT' }))).toBe('invalid_request');
    expect(await answerTo(of({ aud: 'https://other.example' }))).toBe('invalid_audience');
    expect(await answerTo(of({ iat: seconds() + 301 }))).toBe('invalid_request');
    expect(await answerTo(of({ iss: 'https://nobody.example' }))).toBe('invalid_issuer');
    expect(await answerTo(of({}, {}, world.hubs.one))).toBe('authentication_failed');
    expect(await answerTo(of({}))).toBe(202);
  });

  it('of a hub whose stream nobody has named is taken for any', async () => {
    const { transmitter: _, ...entry } = hub.entry;
    follow({ ...hub, entry });
    expect(await answerTo(verification({}, { sub_id: { format: 'opaque', id: 'whichever' } }))).toBe(202);
  });

  it('is refused by poll as by push', async () => {
    const { pollUrl, verificationUrl } = transmitter;
    follow({ ...hub, entry: { ...hub.entry, transmitter: { streamId: 'stream-1', pollUrl, verificationUrl } } });
    const state = await asked();
    transmitter.queue('wrong', verification({ state: 'wrong' }, { jti: 'wrong' }));
    transmitter.queue('none', verification({}, { jti: 'none' }));
    await world.app.get(HubPoller).look();
    while (transmitter.waiting.size > 0) await new Promise((resolve) => setTimeout(resolve, 10));
    expect([...transmitter.refused].map(([jti, { err }]) => [jti, err]).sort()).toEqual([
      ['none', 'invalid_state'],
      ['wrong', 'invalid_state'],
    ]);
    transmitter.queue('right', verification({ state }, { jti: 'right' }));
    while (transmitter.waiting.size > 0) await new Promise((resolve) => setTimeout(resolve, 10));
    expect(transmitter.acked).toEqual(['right']);
    expect(transmitter.polls.at(-1)!.headers.authorization).toBe('Bearer shown-to-the-hub');
    follow(hub);
    await world.app.get(HubPoller).look();
  });
});

describe('a stream-updated event', () => {
  const updated = (status: string, more: object = {}) =>
    streamSet(streamEventTypes.streamUpdated, { status, reason: 'because' }, more);
  const told = () =>
    world.lines.filter((line) => line.includes('"hub-stream"')).map((line) => (JSON.parse(line) as { status: string }).status);

  it('is shown to operators when it tells something new, and an older one changes nothing', async () => {
    const before = told().length;
    const at = seconds();
    const paused = updated('paused', { iat: at });
    expect([await answerTo(paused), await answerTo(paused)]).toEqual([202, 202]);
    expect((await world.call('GET', '/metrics')).text).toMatch(/nyms_hub_streams\{status="paused"\} 1/);
    expect(await answerTo(updated('enabled', { iat: at + 1 }))).toBe(202);
    expect(await answerTo(paused)).toBe(202);
    expect(told().slice(before)).toEqual(['paused', 'enabled']);
    expect((await world.call('GET', '/metrics')).text).toMatch(/nyms_hub_streams\{status="enabled"\} 1/);
  });

  it('with another status is malformed', async () => {
    expect(await answerTo(updated('asleep'))).toBe('invalid_request');
  });
});

it('events about streams are no signals: none is stored', async () => {
  const before = await world.query('SELECT 1 FROM signals.sets');
  await push(verification());
  await push(streamSet(streamEventTypes.streamUpdated, { status: 'disabled' }));
  expect(await world.query('SELECT 1 FROM signals.sets')).toHaveLength(before.length);
});

it.each([
  [
    'CAEP risk-level-change',
    'https://schemas.openid.net/secevent/caep/event-type/risk-level-change',
    { principal: 'USER', current_level: 'HIGH' },
  ],
  ['CAEP session-revoked', 'https://schemas.openid.net/secevent/caep/event-type/session-revoked', {}],
  ['RISC account-disabled', 'https://schemas.openid.net/secevent/risc/event-type/account-disabled', { reason: 'hijacking' }],
])('%s about a pseudonym is accepted', async (name, type, payload) => {
  const answer = await push(good({ jti: name, events: { [type]: payload } }));
  expect(answer.status).toBe(202);
  expect(await stored(name)).toHaveLength(1);
});
