/** Acts that take approvals, over the key holder's own routes: what is refused, what is granted, and what the log says of it. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { isoSecond, toBase64Url } from '#contracts';
import type { ApprovalRequest, AttestersDocument, PeopleDocument } from '#contracts';
import { generateSigningKey } from '#platform';
import { digestOf, signRequest } from '#approvals';
import { newPerson, personEntry } from '../fakes/people.js';
import { World } from './keyholder-minting-world.js';
import { RequestDesk } from './keyholder-requests-world.js';

let world: World;
let desk: RequestDesk;
beforeAll(async () => {
  world = await World.open();
  desk = new RequestDesk(world);
});
afterAll(() => world.close());
beforeEach(() => world.sql.query('UPDATE keyholder.state SET frozen = true'));

const isFrozen = async () => (await world.rows('SELECT frozen FROM keyholder.state'))[0]?.['frozen'];
const unfreeze = (change: Partial<ApprovalRequest> = {}) =>
  desk.request('unfreeze', {}, { requester: 'operator-1', ...change } as never);
const statuses = async (answers: readonly Promise<{ status: number }>[]) =>
  (await Promise.all(answers)).map(({ status }) => status);

describe('a request', () => {
  it('is carried out for its requester once enough others have approved it, and once only', async () => {
    const request = await desk.approved(unfreeze());
    expect((await desk.execute(request)).status).toBe(403);
    expect((await desk.approve(request, 'operator-2')).status).toBe(204);
    const answer = await desk.execute(request);
    expect(await desk.read(request, answer)).toEqual({ output: 'nothing' });
    expect(await desk.read(request, answer, 'operator-2')).toBeUndefined();
    expect(await isFrozen()).toBe(false);
    await world.sql.query('UPDATE keyholder.state SET frozen = true');
    expect((await desk.execute(request)).status).toBe(403);
    expect(await isFrozen()).toBe(true);
    const entries = (await world.audit()).filter((entry) => Object.values(entry).includes(digestOf(request)));
    expect(entries).toMatchObject([
      { type: 'request', kind: 'unfreeze', requester: 'operator-1' },
      { type: 'approval', person: 'operator-2' },
      { type: 'executed', kind: 'unfreeze', requester: 'operator-1', approvers: ['operator-2'], people: 1, announced: true },
    ]);
    expect((await world.audit()).find(({ type, of }) => type === 'completed' && of === entries[2]?.index)).toBeDefined();
  });

  it('is the same request however often it is made or approved', async () => {
    const request = unfreeze();
    const first = await desk.make(request);
    expect([first.status, JSON.parse(first.text)]).toEqual([200, { digest: digestOf(request) }]);
    expect(await desk.make(request)).toMatchObject({ text: first.text });
    expect(await statuses([desk.approve(request, 'operator-2'), desk.approve(request, 'operator-2')])).toEqual([204, 204]);
    const [entry, ...more] = (await desk.list()).filter(({ digest }) => digest === digestOf(request));
    expect(more).toEqual([]);
    expect(entry).toMatchObject({ state: 'open', request, approvals: [{ person: 'operator-2' }] });
    expect((await world.audit()).filter((row) => row['request'] === digestOf(request)).length).toBe(2);
  });

  it('is shown whole to people of the registry, and to nobody else', async () => {
    const stranger = { id: 'lead-1', key: generateSigningKey() };
    expect((await desk.get('/v1/requests', stranger)).status).toBe(401);
    expect((await desk.get('/v1/people', stranger)).status).toBe(401);
    expect((await world.get('/v1/requests', 'ctl')).status).toBe(401);
    expect((await world.get('/v1/requests', 'nyms')).status).toBe(403);
    expect(JSON.parse((await desk.get('/v1/people', 'lead-2')).text)).toEqual({
      digest: world.people.registry.digest,
      document: world.people.document,
      generation: 1,
    });
  });

  it('lies sealed in the database', async () => {
    const request = desk.request('break-glass', { uri: 'mimi://provider.example/p/abcdefghijklmnopqrstuvwxyz' as never });
    expect((await desk.make(request)).status).toBe(200);
    const [row] = await world.rows('SELECT * FROM keyholder.requests WHERE digest = $1', [
      Buffer.from(digestOf(request), 'base64url'),
    ]);
    expect(JSON.stringify(row)).not.toContain('abcdefghijklmnopqrstuvwxyz');
    expect((row?.['sealed'] as Buffer).includes('provider.example')).toBe(false);
    expect((await desk.list()).find(({ digest }) => digest === digestOf(request))?.request).toEqual(request);
  });

  it('outlives a restart, with its approvals', async () => {
    const request = await desk.approved(unfreeze(), 'operator-2');
    await world.restart();
    expect((await desk.execute(request)).status).toBe(200);
    expect(await isFrozen()).toBe(false);
  });
});

describe('nothing happens', () => {
  it('by a request that its requester has not signed, that lives too long or is over, or that could not be carried out', async () => {
    const { version } = world.people.document;
    const answers = [
      desk.make(unfreeze(), 'operator-2'),
      world.post(
        '/v1/requests',
        { request: unfreeze(), signature: signRequest('approval', unfreeze(), world.people.of('operator-1')) },
        'ctl',
      ),
      desk.make(unfreeze({ requester: 'auditor-1' }), 'auditor-1'),
      desk.make(unfreeze({ expiresAt: isoSecond(new Date(world.clock.now().getTime() + 8 * 86_400_000)) })),
      desk.make(unfreeze({ expiresAt: isoSecond(world.clock.now()) })),
      desk.make(unfreeze({ people: 'A'.repeat(43) })),
      desk.make(desk.request('people', { document: { ...world.people.document, version: version + 2, afterPolicy: 1 } })),
      desk.make(
        desk.request('people', {
          document: {
            ...world.people.document,
            version: version + 1,
            afterPolicy: 1,
            people: world.people.document.people.slice(1),
          },
        }),
      ),
    ];
    const settled = await Promise.all(answers);
    expect(settled.map(({ status }) => status)).toEqual(settled.map(() => 403));
    expect(new Set(settled.map(({ text }) => text.length)).size).toBe(1);
  });

  it('by an approval over another request, of the requester, without the role, of a stranger, or of a request nobody made', async () => {
    const [request, other] = [await desk.approved(unfreeze()), await desk.approved(unfreeze())];
    const answers = await statuses([
      desk.approve(request, 'operator-2', other),
      desk.approve(request, 'operator-1'),
      desk.approve(request, 'lead-1'),
      desk.approve(request, { id: 'operator-2', key: generateSigningKey() }),
      desk.approve(request, { id: 'operator-9', key: generateSigningKey() }),
      desk.approve(unfreeze(), 'operator-2'),
    ]);
    expect(answers).toEqual([403, 403, 403, 403, 403, 403]);
    expect((await desk.execute(request)).status).toBe(403);
    expect(await isFrozen()).toBe(true);
  });

  it('by what was signed, when one byte of the request is another', async () => {
    const { people } = world;
    const request = await desk.approved(unfreeze(), 'operator-2');
    const signed = people.signed(request);
    const approval = signRequest('approval', request, people.of('operator-2'));
    const execution = signRequest('execution', request, people.of('operator-1'));
    const changed = (change: Partial<ApprovalRequest>) => ({ ...request, ...change }) as ApprovalRequest;
    const last = (text: string) => `${text.slice(0, -1)}${text.endsWith('A') ? 'B' : 'A'}`;
    for (const other of [
      changed({ reason: last(request.reason) }),
      changed({ case: last(request.case) }),
      changed({ id: `${request.id.slice(0, -1)}${request.id.endsWith('A') ? 'Q' : 'A'}` }),
      changed({ expiresAt: isoSecond(new Date(Date.parse(request.expiresAt) - 1_000)) }),
    ]) {
      const at = `/v1/requests/${digestOf(other)}`;
      const answers = await statuses([
        world.post('/v1/requests', { ...signed, request: other }, 'ctl'),
        world.post(`${at}/approvals`, approval, 'ctl'),
        world.post(`${at}/execution`, { signature: execution }, 'ctl'),
      ]);
      expect(answers).toEqual([403, 403, 403]);
    }
    expect(await isFrozen()).toBe(true);
    expect((await desk.execute(request)).status).toBe(200);
  });

  it('for anybody but the requester, and by an approval or the making of the request in place of their word', async () => {
    const request = await desk.approved(unfreeze(), 'operator-2');
    const url = `/v1/requests/${digestOf(request)}/execution`;
    const { people } = world;
    const answers = await statuses([
      desk.execute(request, undefined, 'operator-2'),
      world.post(url, { signature: signRequest('approval', request, people.of('operator-1')) }, 'ctl'),
      world.post(url, { signature: signRequest('request', request, people.of('operator-1')) }, 'ctl'),
      world.post(
        url,
        { signature: { ...signRequest('execution', request, people.of('operator-2')), person: 'operator-1' } },
        'ctl',
      ),
    ]);
    expect(answers).toEqual([403, 403, 403, 403]);
    expect(await isFrozen()).toBe(true);
  });

  it('after the expiry, and the clock set back brings nothing to life', async () => {
    const request = await desk.approved(unfreeze(), 'operator-2');
    world.clock.advanceMs(3_600_000);
    expect((await desk.execute(request)).status).toBe(403);
    expect((await desk.approve(request, 'operator-2')).status).toBe(403);
    const { Requests } = await import('../../apps/keyholder/src/requests/requests.service.js');
    await world.app.get(Requests, { strict: false }).close();
    world.clock.advanceMs(-3_600_000);
    expect((await desk.execute(request)).status).toBe(403);
    expect((await desk.list()).find(({ digest }) => digest === digestOf(request))?.state).toBe('closed');
    expect(await isFrozen()).toBe(true);
  });

  it('while the log witness is away: the request stays open and is carried out later', async () => {
    const request = await desk.approved(unfreeze(), 'operator-2');
    await world.logWitness.stop();
    expect((await desk.execute(request)).status).toBe(503);
    expect(await isFrozen()).toBe(true);
    await world.logWitness.start();
    for (const end = performance.now() + 30_000; (await desk.execute(request)).status !== 200;)
      if (performance.now() > end) throw new Error('the request is refused though the log witness is back');
    expect(await isFrozen()).toBe(false);
  });
});

describe('people', () => {
  /** Approved by the leads of the present registry, who may be others afterwards. */
  async function change(document: PeopleDocument): Promise<void> {
    const next = { ...document, version: world.people.document.version + 1, afterPolicy: 1 };
    expect(await desk.done(desk.request('people', { document: next }), ['lead-2', 'lead-3'])).toEqual({ output: 'nothing' });
    world.people.document = next;
  }

  it('change by the leads alone, and every open request dies with the registry it was made under', async () => {
    const request = await desk.approved(unfreeze(), 'operator-2');
    const byOperators = desk.request('people', {
      document: { ...world.people.document, version: world.people.document.version + 1, afterPolicy: 1 },
    });
    await desk.make(byOperators);
    expect(await statuses([desk.approve(byOperators, 'operator-1'), desk.approve(byOperators, 'operator-2')])).toEqual([
      403, 403,
    ]);
    await change(world.people.document);
    expect((await desk.execute(request)).status).toBe(403);
    expect((await desk.list()).find(({ digest }) => digest === digestOf(request))?.state).toBe('closed');
    await world.restart();
    expect((await desk.execute(request)).status).toBe(403);
    expect((await desk.execute(await desk.approved(unfreeze(), 'operator-2'))).status).toBe(200);
  });

  it('who were removed approve nothing any more, and who came approve nothing from before', async () => {
    const fresh = await newPerson('operator-3');
    const old = await desk.approved(unfreeze());
    const before = world.people.document;
    const others = before.people.filter(({ id }) => id !== 'operator-2');
    await change({ ...before, people: [...others, personEntry(fresh, ['operator'])] });
    const request = await desk.approved(unfreeze());
    expect(
      await statuses([desk.approve(request, 'operator-2'), desk.approve(old, fresh), desk.approve(old, 'operator-2')]),
    ).toEqual([403, 403, 403]);
    expect((await desk.approve(request, fresh)).status).toBe(204);
    expect((await desk.execute(request)).status).toBe(200);
    await change(before);
  });

  it('with two keys count once', async () => {
    const second = generateSigningKey();
    const before = world.people.document;
    const lead = personEntry(world.people.of('lead-2'), ['lead'], second);
    await change({ ...before, people: before.people.map((person) => (person.id === 'lead-2' ? lead : person)) });
    const request = desk.request('people', {
      document: { ...before, version: world.people.document.version + 1, afterPolicy: 1 },
    });
    await desk.make(request);
    expect((await desk.approve(request, 'lead-2')).status).toBe(204);
    expect((await desk.approve(request, { id: 'lead-2', key: second })).status).toBe(403);
    expect((await desk.execute(request)).status).toBe(403);
    expect((await desk.approve(request, 'lead-3')).status).toBe(204);
    expect((await desk.execute(request)).status).toBe(200);
    world.people.document = { ...before, version: world.people.document.version + 1, afterPolicy: 1 };
  });

  it('of before are still shown under their digest, to whoever keeps the evidence of that time, and are all in the log', async () => {
    const before = world.people.registry;
    const request = await desk.approved(unfreeze(), 'operator-2');
    expect((await desk.execute(request)).status).toBe(200);
    await change(world.people.document);
    const entry = (await desk.list()).find(({ digest }) => digest === digestOf(request))!;
    expect([entry.state, entry.request.people]).toEqual(['executed', before.digest]);
    const shown = async (digest: string, by: Parameters<typeof desk.get>[1] = 'auditor-1') => {
      const { status, text } = await desk.get(`/v1/people/${digest}`, by);
      return status === 200 ? (JSON.parse(text) as object) : status;
    };
    await world.restart();
    expect(await shown(before.digest)).toEqual({ digest: before.digest, document: before.document, generation: 1 });
    expect(await shown('A'.repeat(43))).toBe(404);
    expect(await shown(before.digest, { id: 'auditor-1', key: generateSigningKey() })).toBe(401);
    const { version } = world.people.document;
    const logged = (await world.audit()).filter(({ type }) => type === 'people');
    expect(logged.map((leaf) => leaf['version'])).toEqual(Array.from({ length: version }, (_, i) => i + 1));
    expect(logged.slice(-2).map((leaf) => leaf['digest'])).toEqual([before.digest, world.people.registry.digest]);
  });

  it('who gain a role approve nothing that they signed before', async () => {
    const before = world.people.document;
    const request = await desk.approved(unfreeze());
    const early = signRequest('approval', request, world.people.of('auditor-1'));
    const people = before.people.map((person) =>
      person.id === 'auditor-1' ? { ...person, roles: ['auditor' as const, 'operator' as const] } : person,
    );
    await change({ ...before, people });
    const send = (approval: object, over = request) => world.post(`/v1/requests/${digestOf(over)}/approvals`, approval, 'ctl');
    // neither for the request that it was signed for, which is over, nor for the same one under the new registry
    const again = await desk.approved(unfreeze());
    expect(await statuses([send(early), send(early, again), desk.execute(request), desk.execute(again)])).toEqual([
      403, 403, 403, 403,
    ]);
    expect((await desk.approve(again, 'auditor-1')).status).toBe(204);
    expect((await desk.execute(again)).status).toBe(200);
    await change(before);
  });

  it('come from the file at the first start only', async () => {
    const { version } = world.people.document;
    expect(version).toBeGreaterThan(1);
    await world.restart();
    expect(JSON.parse((await desk.get('/v1/people', 'lead-1')).text)).toMatchObject({ document: { version } });
    await expect(world.rows(`SELECT 1 FROM keyholder.people WHERE version = ${version}`)).resolves.toHaveLength(1);
  });
});

describe('pinned witnesses', () => {
  it('change by approved request, and the file that pinned the first does not matter any more', async () => {
    const [correlator, witness] = [generateSigningKey(), generateSigningKey()];
    const entry = (id: string, { publicKey }: { publicKey: Uint8Array }) => ({ id, key: toBase64Url(publicKey) });
    const attesters: AttestersDocument = {
      correlators: [entry('correlator-1', correlator)],
      witnesses: [entry('witness-1', witness), entry('witness-2', generateSigningKey())],
      needed: 2,
    };
    const ask = (parameters: { version: number; attesters: AttestersDocument }) =>
      desk.request('witnesses', parameters, { requester: 'operator-1' });
    const bad = await statuses([
      desk.make(ask({ version: 1, attesters })),
      desk.make(ask({ version: 3, attesters })),
      desk.make(ask({ version: 2, attesters: { ...attesters, needed: 3 } })),
      desk.make(ask({ version: 2, attesters: { ...attesters, witnesses: [entry('w', correlator)], needed: 1 } })),
    ]);
    expect(bad).toEqual([403, 403, 403, 403]);
    const [first, second] = [ask({ version: 2, attesters }), ask({ version: 2, attesters })];
    await desk.approved(second, 'operator-2');
    expect(await desk.done(first, ['operator-2'])).toEqual({ output: 'nothing' });
    expect((await desk.execute(second)).status).toBe(403); // counts on from a version that is no more
    const { AttesterRegistry } = await import('../../apps/keyholder/src/decisions/attesters/attester-registry.js');
    const pinned = () => world.app.get(AttesterRegistry, { strict: false }).current;
    expect([pinned().version, pinned().attesters.needed, pinned().attesters.witnesses.size]).toEqual([2, 2, 2]);
    await world.restart();
    expect([pinned().version, pinned().attesters.correlators.get('correlator-1')]).toEqual([
      2,
      Buffer.from(correlator.publicKey),
    ]);
  });
});
