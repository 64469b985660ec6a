/** A hub that only lets itself be polled, against a running service: its signals become counted, and a killed process costs none and doubles none. */
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { toBase64Url } from '#contracts';
import type { HubEntry } from '#contracts';
import { HubTransmitter } from '../fakes/hub-transmitter.js';
import { Provider } from './bad-input/provider.js';

jest.setTimeout(300_000);

describe('a hub that is polled', () => {
  let provider: Provider;
  let transmitter: HubTransmitter;
  beforeAll(async () => {
    transmitter = await HubTransmitter.start();
    provider = await Provider.start((document) => document);
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
  afterAll(async () => {
    await provider?.stop();
    transmitter?.stop();
  });

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
    await provider.stack.restart('nyms');
    await provider.until(async () => transmitter.waiting.size === 0);

    await provider.closeEpoch();
    const rows = await stored();
    expect(rows).toHaveLength(41);
    expect(new Set(rows.map(({ state }) => state))).toEqual(new Set(['counted']));
    expect(transmitter.refused.size).toBe(0);
  });
});
