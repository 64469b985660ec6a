/**
 * Hubs that are polled (RFC 8936) and whose keys or certificate fail us, on real sockets: what cannot be judged is neither acknowledged nor
 * refused, and is taken once it can be; what is refused is refused for its own fault.
 */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { toBase64Url } from '#contracts';
import { publicLookup } from '../../apps/nyms/src/outside/public-addresses.js';
import { HubPoller } from '../../apps/nyms/src/polling/hub-poller.js';
import { StreamVerifications } from '../../apps/nyms/src/polling/stream-verifications.js';
import { LooseCertificates } from '../fakes/certificates.js';
import { HubTransmitter } from '../fakes/hub-transmitter.js';
import { startNymsWorld, testHub } from '../fakes/nyms-world.js';
import type { NymsWorld, TestHub } from '../fakes/nyms-world.js';
import { setSender, unlimited } from '../fakes/set-sender.js';
import { until } from '../fakes/stream-hub.js';

let world: NymsWorld;
let transmitter: HubTransmitter;
let hub: TestHub;
const { claims, sign } = setSender(() => world);
const stored = async () =>
  (await world.query<{ jti: string }>('SELECT jti FROM signals.sets WHERE hub = $1', [hub.entry.id])).map(({ jti }) => jti);
/** Polls begin anew, without the pause after a failure. */
const again = async () => {
  const others = Object.values(world.hubs);
  for (const hubs of [others, [...others, hub]]) {
    world.setPolicy({ hubs: hubs.map(({ entry }) => entry), limits: unlimited });
    await world.app.get(HubPoller).look();
  }
};
const polls = async (outcome: string) => {
  const { text } = await world.call('GET', '/metrics');
  return Number(new RegExp(`nyms_polls_total\\{outcome="${outcome}"\\} (\\d+)`).exec(text)?.[1] ?? 0);
};
/** Polls until one more has come out so. */
const once = async (outcome: string) => {
  const before = await polls(outcome);
  await again();
  await until(async () => (await polls(outcome)) > before);
};
const events = (name: string) =>
  world.lines.filter((line) => line.includes(`"${name}"`)).map((line) => JSON.parse(line) as { hub: string; reason?: string });

describe('a hub that is polled and has its keys at an address', () => {
  const jwkOf = ({ key }: TestHub, kid: string) => ({
    ...{ kid, alg: 'EdDSA', kty: 'OKP', crv: 'Ed25519' },
    x: toBase64Url(key.publicKey),
  });
  const queue = (jti: string, by: TestHub, kid: string) => transmitter.queue(jti, sign(by, claims(hub, { jti }), { kid }));

  beforeAll(async () => {
    world = await startNymsWorld({ hubKeys: { monotonicMs: () => world.clock.now().getTime() } });
  }, 60_000);
  afterAll(() => world?.stop());
  beforeEach(async () => {
    transmitter = await HubTransmitter.start();
    const { origin: id, pollUrl, jwksUrl } = transmitter;
    hub = testHub('keyed', { id, keys: [], jwksUrl, transmitter: { streamId: 's', pollUrl } });
  });
  afterEach(async () => {
    world.setPolicy({ hubs: Object.values(world.hubs).map(({ entry }) => entry) });
    await world.app.get(HubPoller).look();
    transmitter.stop();
  });

  it('is told nothing of its SET while they cannot be had, and has it taken when they can', async () => {
    queue('early', hub, 'k1');
    await once('unavailable');
    expect(events('hub-poll-failing').at(-1)).toMatchObject({ hub: hub.entry.id, reason: 'unavailable' });
    expect([transmitter.acked, [...transmitter.refused], await stored()]).toEqual([[], [], []]);
    transmitter.jwks = [jwkOf(hub, 'k1')];
    world.clock.advanceMs(30_000);
    await again();
    await until(() => transmitter.acked.includes('early'));
    expect([await stored(), transmitter.refused.size]).toEqual([['early'], 0]);
    expect(events('hub-poll-resumed').at(-1)).toMatchObject({ hub: hub.entry.id });
  });

  it('may change them at any time: a key that we have not seen yet is none that is wrong', async () => {
    transmitter.jwks = [jwkOf(hub, 'k1')];
    queue('before', hub, 'k1');
    await again();
    await until(() => transmitter.acked.includes('before'));
    const rotated = testHub('rotated');
    transmitter.jwks = [jwkOf(rotated, 'k2')];
    world.clock.advanceMs(1_000);
    queue('after', rotated, 'k2');
    await once('unavailable'); // the last look was a second ago
    expect([transmitter.acked, transmitter.refused.size]).toEqual([['before'], 0]);
    world.clock.advanceMs(30_000);
    await again();
    await until(() => transmitter.acked.includes('after'));
    expect(transmitter.refused.size).toBe(0);
    world.clock.advanceMs(30_000);
    queue('late', hub, 'k1'); // by the key that is gone
    queue('forged', testHub('forger'), 'k2');
    await until(() => transmitter.refused.size === 2);
    expect([...transmitter.refused].map(([jti, { err }]) => [jti, err]).sort()).toEqual([
      ['forged', 'authentication_failed'],
      ['late', 'authentication_failed'],
    ]);
    expect((await stored()).sort()).toEqual(['after', 'before']);
  });

  it('keeps the SETs that it signed before they were away, for a day', async () => {
    transmitter.jwks = [jwkOf(hub, 'k1')];
    queue('one', hub, 'k1');
    await again();
    await until(() => transmitter.acked.includes('one'));
    transmitter.jwks = undefined;
    world.clock.advanceMs(23 * 3_600_000);
    queue('two', hub, 'k1');
    await until(() => transmitter.acked.includes('two'));
    world.clock.advanceMs(3_600_000);
    queue('three', hub, 'k1');
    await once('unavailable');
    expect([transmitter.acked.includes('three'), transmitter.refused.size]).toEqual([false, 0]);
  });
});

describe('a hub that is polled by https', () => {
  const loose = new LooseCertificates();
  const hubTokens: Record<string, string> = {};

  beforeAll(async () => {
    transmitter = await HubTransmitter.start('witness');
    const { origin: id, pollUrl, verificationUrl } = transmitter;
    hub = testHub('tls', { id, transmitter: { streamId: 's', pollUrl, verificationUrl } });
    hubTokens[id] = 'for-the-hub-alone';
  });
  afterAll(async () => {
    await world?.stop();
    transmitter?.stop();
    loose.remove();
  });

  it('is asked nothing and told nothing while its certificate is wrong, in whatever way; then nothing is lost', async () => {
    const [authority, other] = [await loose.authority(), await loose.authority()];
    const lookup = publicLookup(
      (_name, found) => found(null, [{ address: '127.0.0.1', family: 4 }]),
      () => true,
    );
    world = await startNymsWorld({ hubTokens, outside: { ca: authority.certificate, lookup } });
    transmitter.queue('kept', sign(hub, claims(hub, { jti: 'kept' }), { kid: 'tls-1' }));
    const lastMonth = new Date(Date.now() - 30 * 86_400_000);
    for (const wrong of [
      other, // signed by itself
      await loose.certificate(other, 'witness'),
      await loose.certificate(authority, 'registrar'), // another name, and no server
      await loose.certificate(authority, 'keyholder'), // another name
      await loose.certificate(authority, 'witness', { from: lastMonth, days: 10 }),
    ]) {
      transmitter.show(wrong);
      await once('certificate');
      await world.app.get(StreamVerifications).look();
    }
    // neither our token nor a jti went there
    expect([transmitter.polls, transmitter.asked, transmitter.acked, await stored()]).toEqual([[], [], [], []]);
    const told = () => events('hub-poll-failing').filter((event) => event.hub === hub.entry.id);
    expect(told().map(({ reason }) => reason)).toEqual(['certificate']); // once, not at each try

    transmitter.show(await loose.certificate(authority, 'witness'));
    await again();
    await until(() => transmitter.acked.includes('kept'));
    expect(await stored()).toEqual(['kept']);
    expect(transmitter.polls[0]!.headers.authorization).toBe('Bearer for-the-hub-alone');
    expect(events('hub-poll-resumed').map((event) => event.hub)).toContain(hub.entry.id);
  }, 60_000);
});

describe('a hub that is polled and answers as RFC 8936 shows it', () => {
  const examples = JSON.parse(
    readFileSync(path.join(import.meta.dirname, '../vectors/set/compact-examples.rfc8935-rfc8936.json'), 'utf8'),
  ) as { 'rfc8936-figure6-poll-response': { sets: Record<string, string> } };

  beforeAll(async () => {
    world = await startNymsWorld();
    transmitter = await HubTransmitter.start();
    const { origin: id, pollUrl } = transmitter;
    hub = testHub('shown', { id, transmitter: { streamId: 's', pollUrl } });
  }, 60_000);
  afterAll(async () => {
    await world?.stop();
    transmitter?.stop();
  });

  it('hears of each SET of figure 6 that its algorithm, none, is none of ours, and the poll goes on', async () => {
    const { sets } = examples['rfc8936-figure6-poll-response'];
    for (const [jti, token] of Object.entries(sets)) transmitter.queue(jti, token);
    transmitter.queue('fine', sign(hub, claims(hub, { jti: 'fine' }), { kid: 'shown-1' }));
    await again();
    await until(() => transmitter.waiting.size === 0);
    const why = { err: 'authentication_failed', description: 'alg must be EdDSA, ES256 or RS256' };
    expect(Object.fromEntries(transmitter.refused)).toEqual(Object.fromEntries(Object.keys(sets).map((jti) => [jti, why])));
    expect([transmitter.acked, await stored()]).toEqual([['fine'], ['fine']]);
  });
});
