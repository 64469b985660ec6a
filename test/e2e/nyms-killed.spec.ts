/**
 * SETs both ways over kill −9 of nyms, against a running service: a killed process costs none, doubles none, and turns no order round. Beside it,
 * a sign of life that an operator asks a transmitter for.
 */
import { createPrivateKey } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { pseudonymUri, streamEventTypes, toBase64Url } from '#contracts';
import type { HubEntry } from '#contracts';
import { ClientCredentials, discover, StreamClient } from '#hub-sdk';
import { HubTransmitter } from '../fakes/hub-transmitter.js';
import { PushEndpoint } from '../fakes/push-endpoint.js';
import { Provider } from './bad-input/provider.js';
import { ctlAt } from './ctl.js';
import { signedAct } from './reference-hub/act.js';

jest.setTimeout(300_000);

let provider: Provider;
beforeAll(async () => {
  provider = await Provider.start((document) => document);
});
afterAll(() => provider?.stop());

describe('a hub that is polled', () => {
  let transmitter: HubTransmitter;
  beforeAll(async () => {
    transmitter = await HubTransmitter.start();
    const { key, kid } = provider.stack.keys.hubs[0]!;
    const entry: HubEntry = {
      id: transmitter.origin,
      operator: 'polled',
      trust: 100,
      since: '2026-01-01',
      status: 'active',
      keys: [{ kid, alg: 'EdDSA', kty: 'OKP', crv: 'Ed25519', x: toBase64Url(key.publicKey) }],
      revokedKids: [],
      transmitter: { streamId: 's', pollUrl: transmitter.pollUrl },
    };
    await provider.install((document) => ({ ...document, hubs: [...document.hubs, entry] }));
  });
  afterAll(() => transmitter?.stop());

  const queue = (jti: string, uri: string) =>
    transmitter.queue(jti, provider.sign(0, provider.claims(0, uri, { iss: transmitter.origin, jti })));
  const stored = () =>
    provider.rows<{ jti: string; state: string }>('nyms', 'SELECT jti, state::text AS state FROM signals.sets WHERE hub = $1', [
      transmitter.origin,
    ]);

  it('has its signals counted, and each once when nyms is killed between storing and acknowledging', async () => {
    const uris = await provider.mint(await provider.person(2), 2);
    queue('first', uris[0]!);
    await provider.until(async () => transmitter.acked.includes('first'));

    transmitter.losesAcks = true;
    for (let i = 0; i < 40; i++) queue(`killed-${i}`, uris[i % 2]!);
    await provider.until(async () => (await stored()).length === 41);
    await provider.stack.processes.nyms.kill();
    expect(transmitter.acked).toEqual(['first']);
    transmitter.losesAcks = false;
    await provider.rows('nyms', `UPDATE polling.streams SET held_until = now() - interval '1 second'`); // a minute goes by
    await provider.stack.restart('nyms');
    await provider.until(async () => transmitter.waiting.size === 0);

    await provider.closeEpoch();
    const rows = await stored();
    expect(rows).toHaveLength(41);
    expect(new Set(rows.map(({ state }) => state))).toEqual(new Set(['counted']));
    expect(transmitter.refused.size).toBe(0);
  });

  it('gives a sign of life when an operator wants one now', async () => {
    const ctl = ctlAt(() => provider.stack);
    expect(await ctl('hub', 'verify', transmitter.origin)).toMatchObject({
      code: 1,
      output: expect.stringContaining('has no verification address'),
    });
    const { pollUrl, verificationUrl } = transmitter;
    await provider.install((document) => ({
      ...document,
      hubs: document.hubs.map((hub) =>
        hub.id === transmitter.origin ? { ...hub, transmitter: { streamId: 's', pollUrl, verificationUrl } } : hub,
      ),
    }));
    transmitter.onAsked = ({ stream_id: id, state }) => {
      const about = { sub_id: { format: 'opaque', id }, events: { [streamEventTypes.verification]: { state } } };
      const jti = `alive-${state}`;
      transmitter.queue(jti, provider.sign(0, provider.claims(0, '', { iss: transmitter.origin, jti, ...about })));
    };
    expect(await ctl('hub', 'verify', transmitter.origin)).toEqual({
      code: 0,
      output: expect.stringContaining('has answered: its verification event came'),
    });
    transmitter.onAsked = undefined;
    expect(await ctl('hub', 'verify', transmitter.origin, '--wait', '0')).toMatchObject({
      code: 1,
      output: expect.stringMatching(/has not asked .* in 0 s/),
    });
    expect((await ctl('hub', 'verify', 'https://nobody.example')).output).toContain('is not in the live policy');
  });
});

describe('a hub that is pushed to', () => {
  const PEOPLE = 3;
  let endpoint: PushEndpoint;
  let client: StreamClient;
  beforeAll(async () => {
    endpoint = await PushEndpoint.start();
    const { stack } = provider;
    const { id: clientId, kid, key } = stack.keys.hubs[0]!;
    const signer = { kid, alg: 'EdDSA' as const, privateKey: createPrivateKey(key.toPem()) };
    client = new StreamClient({
      metadata: await discover(stack.policy().audience, { at: stack.urls.nyms }),
      tokens: new ClientCredentials({ tokenEndpoint: `${stack.urls.issuer}/token`, clientId, key: signer }),
    });
  });
  afterAll(() => endpoint?.stop());

  const pushed = () =>
    endpoint.pushed.map(({ token }) => {
      const claims = JSON.parse(Buffer.from(token.split('.')[1]!, 'base64url').toString()) as {
        jti: string;
        sub_id: { uri: string };
        events: object;
      };
      return { jti: claims.jti, uri: claims.sub_id.uri, event: Object.keys(claims.events)[0]!.split('/').at(-1) };
    });
  const queued = () =>
    provider.rows<{ jti: string; uri: string; seq: number }>('nyms', 'SELECT jti, uri, seq FROM streams.queue');
  const act = async (type: 'suspend' | 'reinstate', uri: string, more: { days?: number } = {}) => {
    const body = signedAct(provider.stack, type, pseudonymUri.parse(uri), more);
    expect((await provider.json('nyms', '/v1/moderation/pseudonyms', body)).status).toBe(200);
  };

  it('gets what it was sent and nyms did not live to note again, under the same jti, and nothing newer before it', async () => {
    const { stream_id: stream } = await client.create({ delivery: endpoint.delivery });
    await client.setStatus(stream, 'paused');
    const uris: string[] = [];
    for (let i = 0; i < PEOPLE; i++) uris.push(...(await provider.mint(await provider.person(1), 1)));
    for (const uri of uris) await client.addSubject(stream, uri);
    for (const uri of uris) await act('suspend', uri, { days: 3 });
    await provider.until(async () => (await queued()).length === PEOPLE);
    for (const uri of uris) await act('reinstate', uri);
    await provider.until(async () => (await queued()).length === 2 * PEOPLE);
    const waiting = await queued();

    let killed: Promise<unknown> | undefined;
    endpoint.answer = (response) => {
      killed ??= provider.stack.processes.nyms.kill();
      // the hub has it and says so, to nobody
      void killed.then(() => response.writeHead(202).end());
    };
    await client.setStatus(stream, 'enabled').catch(() => undefined); // the answer may die with the process
    await provider.until(async () => killed !== undefined);
    await killed;
    const before = pushed();
    expect(new Set(before.map(({ event }) => event))).toEqual(new Set(['account-disabled']));
    expect(await queued()).toHaveLength(2 * PEOPLE);

    endpoint.answer = (response) => void response.writeHead(202).end();
    await provider.rows('nyms', `UPDATE streams.streams SET lease_until = now() - interval '1 second'`); // half a minute goes by
    await provider.stack.restart('nyms');
    await provider.until(async () => (await queued()).length === 0);
    const after = pushed().slice(before.length);
    for (const { jti } of before) expect(after.map((one) => one.jti)).toContain(jti);
    expect(after.map(({ jti }) => jti).sort()).toEqual(waiting.map(({ jti }) => jti).sort());
    for (const uri of uris) {
      const told = after.filter((one) => one.uri === uri).map(({ event }) => event);
      expect(told).toEqual(['account-disabled', 'account-enabled']);
    }
  });
});
