/** Who may call which route of the key holder: exactly the process that needs it, known by its certificate; and how much of it. */
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Agent, request } from 'undici';
import { generateSigningKey, servedRoutes } from '#platform';
import { certifiedNames } from '../../apps/ctl/src/certificates/authority.js';
import type { Certified } from '../../apps/ctl/src/certificates/authority.js';
import { TestCertificates } from '../fakes/certificates.js';
import { World, type Member } from './keyholder-minting-world.js';

/** A person's own signature is asked for besides. */
const people: readonly Certified[] = ['ctl'];
const callers: Readonly<Record<string, readonly Certified[] | 'anyone'>> = {
  'GET /health/live': 'anyone',
  'GET /health/ready': 'anyone',
  'GET /metrics': 'anyone',
  'POST /v1/handles': ['registrar'],
  'POST /v1/handles/replacement': ['registrar'],
  'POST /v1/handles/replacement/state': ['registrar'],
  'POST /v1/handles/replacement/call-off': ['registrar'],
  'GET /v1/releases': ['registrar'],
  'GET /v1/day-list': ['registrar', 'nyms'],
  'POST /v1/mints': ['nyms'],
  'POST /v1/renewals': ['nyms'],
  'POST /v1/acts': ['nyms'],
  'GET /v1/force': ['nyms'],
  'POST /v1/matches': ['nyms'],
  'GET /v1/due': ['nyms'],
  'GET /v1/proposals': ['ctl'],
  'POST /v1/proposals': ['registrar'],
  'GET /v1/parameters': ['correlator'],
  'GET /v1/key-epochs': people,
  'GET /v1/pin': people,
  'POST /v1/decisions': ['correlator'],
  'GET /v1/attesters': people,
  'GET /v1/decisions/:epoch/undo': people,
  'GET /v1/shadow': people,
  'GET /v1/people': people,
  'GET /v1/people/:digest': people,
  'GET /v1/requests': people,
  'POST /v1/requests': people,
  'POST /v1/requests/:digest/approvals': people,
  // some acts need what only nyms has
  'POST /v1/requests/:digest/execution': ['ctl', 'nyms'],
  'GET /v1/audit/entries': people,
  'GET /v1/audit/checkpoint': people,
  'GET /v1/audit/proofs/:index': people,
  'GET /v1/seal': people,
  'POST /v1/seal': people,
};
/** It is called and never calls: its certificate is good for no request at all. */
const callsNobody: Certified = 'witness';
const octets = ['/v1/matches', '/v1/decisions'];

describe('routes of the key holder', () => {
  let world: World;
  beforeAll(async () => void (world = await World.open()), 60_000);
  afterAll(() => world.close());

  const ask = async (as: Certified, route: string, from = world) => {
    const [method, path] = route.split(' ') as ['GET' | 'POST', string];
    const type = octets.includes(path) ? 'application/octet-stream' : 'application/json';
    const sent = method === 'POST' ? { type, body: '{}' } : {};
    const answer = await from.request(as, path.replace(':index', '0').replace(':epoch', '1').replace(':digest', 'A'.repeat(43)), {
      method,
      ...sent,
    });
    return { status: answer.status, text: await answer.text() };
  };
  it('are all in the table of who needs them', () => {
    const served = servedRoutes(world.app).map(({ method, path }) => `${method} ${path}`);
    expect([...new Set(served)].sort()).toEqual(Object.keys(callers).sort());
  });

  it.each(Object.entries(callers))('%s is for %s', async (route, allowed) => {
    for (const as of certifiedNames) {
      const { status, text } = await ask(as, route);
      if (allowed === 'anyone') expect([as, status]).toEqual([as, 200]);
      else if (as === callsNobody) expect([as, status]).toEqual([as, 401]);
      else if (!allowed.includes(as)) expect([as, status, text.includes('not-permitted')]).toEqual([as, 403, true]);
      else if (!allowed.includes('ctl')) expect([as, status === 401 || text.includes('not-permitted')]).toEqual([as, false]);
      else expect([as, text.includes('not-permitted')]).toEqual([as, false]);
    }
  });

  it('know nobody whose certificate another authority has issued', async () => {
    const others = await TestCertificates.open();
    const { tlsCertFile, tlsKeyFile } = others.files('nyms');
    const { tlsCaFile } = world.certificates.files('nyms');
    const [cert, key, ca] = [tlsCertFile, tlsKeyFile, tlsCaFile].map((file) => readFileSync(file, 'utf8'));
    const dispatcher = new Agent({ connect: { cert: cert!, key: key!, ca: ca!, servername: 'keyholder' } });
    const answer = await request(`${world.url}/v1/force`, { dispatcher });
    expect([answer.statusCode, await answer.body.json()]).toMatchObject([401, { type: '/errors/not-authenticated' }]);
    await dispatcher.close();
    await others.close();
  });
});

describe('budgets of the key holder', () => {
  let world: World;
  beforeAll(async () => {
    world = await World.open({ budgets: { mintsPerMinute: 2, enrolmentsPerMinute: 3 } });
  }, 60_000);
  afterAll(() => world.close());

  const counted = async () => {
    const leaves = await world.audit();
    return leaves.filter((leaf) => JSON.stringify(leaf).includes('over-budget')).length;
  };

  it('refuse what is over as everything is refused, count it in the log, and begin anew after a minute', async () => {
    const member = await world.enrol();
    const mints = [await world.mintFor(member), await world.mintFor(member), await world.mintFor(member)];
    expect(mints.map(({ answer }) => answer.status)).toEqual([200, 200, 403]);
    const garbage = await world.mint({ wrapped: new Uint8Array(300), subject: new Uint8Array(32) });
    const refusal = JSON.parse(mints[2]!.answer.text) as Record<string, unknown>;
    expect(Object.keys(refusal)).toEqual(['type', 'title', 'status', 'sealedReason']);
    expect(mints[2]!.answer.text).toHaveLength(garbage.text.length);
    expect(await world.reason(mints[2]!.answer, mints[2]!.redemption)).toBeUndefined();
    expect(await counted()).toBe(1);
    expect((await world.get('/metrics')).text).toMatch(/nymtally_keyholder_over_budget_total\{budget="mints"\} 2/);

    world.clock.advanceMs(60_000);
    expect((await world.mint(mints[2]!.redemption)).status).toBe(200); // the ticket was not spent
  });

  it('hold for each route by itself', async () => {
    const statuses: number[] = [];
    for (let i = 0; i < 3; i++) {
      const handle = new Uint8Array(randomBytes(16)) as Member['handle'];
      statuses.push((await world.enrolAs({ handle, holder: generateSigningKey() })).status);
    }
    expect(statuses).toEqual([200, 200, 200]);
    await expect(world.enrol()).rejects.toThrow('403');
    expect((await world.get('/v1/force')).status).toBe(200);
  });
});
