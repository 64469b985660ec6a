import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { routeDifferences, servedRoutes } from '#platform';
import { routes } from '../../apps/registrar/src/routes.js';
import { startRegistrarWorld } from '../fakes/registrar-world.js';
import type { RegistrarWorld } from '../fakes/registrar-world.js';

let world: RegistrarWorld;
beforeAll(async () => void (world = await startRegistrarWorld()));
afterAll(() => world?.stop());

describe('the registrar as a process', () => {
  it('documents exactly the routes it serves', async () => {
    expect(routeDifferences(servedRoutes(world.app), routes)).toEqual([]);
    const document = (await world.app.inject({ url: '/openapi.json' })).json() as { paths: object };
    expect(Object.keys(document.paths).sort()).toEqual([
      '/v1/enrolment',
      '/v1/handles/lookup',
      '/v1/holder-key/replacement',
      '/v1/holder-key/replacement/call-off',
      '/v1/standing',
      '/v1/tickets',
    ]);
  });

  it('tells alive from ready', async () => {
    world.keyholder.away = true;
    expect((await world.app.inject({ url: '/health/live' })).statusCode).toBe(200);
    const ready = await world.app.inject({ url: '/health/ready' });
    expect(ready.statusCode).toBe(503);
    expect(ready.json()).toEqual({ status: 'down', checks: { database: 'up', keyholder: 'down' } });
    world.keyholder.away = false;
    expect((await world.app.inject({ url: '/health/ready' })).statusCode).toBe(200);
  });

  it('counts outcomes and shows no account, in metrics as in the log', async () => {
    const { token } = await world.enrolled('canary-account');
    await world.call('POST', '/v1/tickets', { token, body: { count: 2 } });
    await world.call('POST', '/v1/tickets', { token, body: { count: 5 } });
    const metrics = (await world.app.inject({ url: '/metrics' })).body;
    expect(metrics).toContain('registrar_tickets_total 2');
    expect(metrics).toContain('registrar_ticket_requests_total{outcome="ticket-limit-reached"} 1');
    expect(metrics).toContain('registrar_enrolments_total{outcome="enrolled"} 1');
    expect(metrics + world.lines.join('')).not.toContain('canary-account');
  });

  it('answers an unknown route and a wrong method with a problem', async () => {
    expect(await world.call('GET', '/v1/accounts')).toMatchObject({ status: 404, body: { type: '/errors/not-found' } });
    expect(await world.call('GET', '/v1/tickets')).toMatchObject({ status: 405, headers: { allow: 'POST' } });
  });
});
