/** nyms as a whole: its documented routes, health, metrics, and how it refuses to start. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { createPrivateKey } from 'node:crypto';
import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { routeDifferences, servedRoutes, StartError } from '#platform';
import { readPin } from '../../apps/nyms/src/keyholder/pin.js';
import { openIssuer } from '../../apps/nyms/src/pseudonyms/credential.js';
import { routes } from '../../apps/nyms/src/routes.js';
import { startNymsWorld } from '../fakes/nyms-world.js';
import type { NymsWorld } from '../fakes/nyms-world.js';

let world: NymsWorld;
beforeAll(async () => void (world = await startNymsWorld()), 60_000);
afterAll(() => world?.stop());

describe('nyms', () => {
  it('documents what it serves, and serves what it documents', async () => {
    expect(routeDifferences(servedRoutes(world.app), routes)).toEqual([]);
    const { body } = await world.call('GET', '/openapi.json');
    expect(Object.keys(body['paths'] as object)).toContain('/v1/pseudonyms/{uri}/status');
    expect((await world.call('GET', '/errors/pseudonym-conflict')).text).toContain('<h1>Pseudonym is taken</h1>');
  });

  it('is alive without its key holder, but not ready', async () => {
    expect((await world.call('GET', '/health/ready')).body).toMatchObject({
      status: 'up',
      checks: { database: 'up', queue: 'up', keyholder: 'up' },
    });
    world.keyholder.isAway = true;
    expect((await world.call('GET', '/health/live')).status).toBe(200);
    const ready = await world.call('GET', '/health/ready');
    expect([ready.status, (ready.body['checks'] as Record<string, string>)['keyholder']]).toEqual([503, 'down']);
    world.keyholder.isAway = false;
  });

  it('answers scripts of any origin, without credentials', async () => {
    const answer = await world.call('GET', '/v1/day-list', { headers: { origin: 'https://app.example' } });
    expect(answer.headers.get('access-control-allow-origin')).toBe('*');
    expect(answer.headers.get('access-control-allow-credentials')).toBeNull();
  });

  it('answers what it does not know with a problem', async () => {
    expect(await world.call('GET', '/v1/accounts')).toMatchObject({ status: 404, body: { type: '/errors/not-found' } });
  });

  it('closes while requests are under way, and finishes them', async () => {
    const { app, url } = await world.start();
    const { body } = await world.redeemer();
    const answer = fetch(`${url}/v1/pseudonyms`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    const asked = world.keyholder.count('/v1/mints');
    for (const end = performance.now() + 30_000; world.keyholder.count('/v1/mints') === asked && performance.now() < end;) {
      await new Promise((resolve) => setImmediate(resolve));
    }
    await app.getHttpAdapter().getInstance().close();
    expect((await answer).status).toBe(201);
    expect(await world.query('SELECT 1 FROM pseudonyms.pseudonyms WHERE uri = $1', [body['uri']])).toHaveLength(1);
  });
});

describe('nyms does not start', () => {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'nyms-start-'));
  afterAll(() => rmSync(folder, { recursive: true }));
  const today = () => world.clock.today();
  const pem = (key: ReturnType<typeof createPrivateKey>) => key.export({ format: 'pem', type: 'pkcs8' }).toString();

  it('without a key holder to pin', () => {
    const file = path.join(folder, 'pin.json');
    writeFileSync(file, world.keyholder.pin('n1'));
    expect(() => readPin(file)).toThrow(StartError);
    expect(() => readPin(path.join(folder, 'absent.json'))).toThrow(/keyholder-public\.json/);
  });

  it('with a credential key that is not the certificate’s, or none', async () => {
    const { certificate, key } = world.authority;
    const issue = (keyPem: string, certificatePem = certificate, day = today()) => openIssuer(keyPem, certificatePem, day);
    await expect(issue(pem(generateKeyPairSync('ed25519').privateKey))).rejects.toThrow(StartError);
    await expect(issue(pem(generateKeyPairSync('ec', { namedCurve: 'P-384' }).privateKey))).rejects.toThrow(StartError);
    await expect(issue('hello')).rejects.toThrow(StartError);
    await expect(issue(key, 'hello')).rejects.toThrow(StartError);
    await expect(issue(key, certificate, today() + 4_000)).rejects.toThrow(/expired/);
    await expect(issue(key)).resolves.toBeDefined();
  });
});
