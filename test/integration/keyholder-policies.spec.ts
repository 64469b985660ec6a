/** How a policy and the people who approve it become live: what is carried out at the key holder is the file that every process checks. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { digestOf } from '#approvals';
import { approvedPeople, approvedPolicy, toBase64Url } from '#contracts';
import type { ApprovalRequest, PeopleDocument, PolicyDocument } from '#contracts';
import { approvePolicy, pinnedPeople, policyDigest, PolicyStore } from '#policy';
import { DecisionsWorld, reportAll, type Pseudonym } from './keyholder-decisions-world.js';
import { RequestDesk } from './keyholder-requests-world.js';

let world: DecisionsWorld;
let desk: RequestDesk;
let pseudonyms: Pseudonym[];
/** What the other processes are given. */
let folder: string;
let epoch = 0;
beforeAll(async () => {
  world = await DecisionsWorld.open();
  desk = new RequestDesk(world.base);
  ({ pseudonyms } = await world.member(1));
  folder = mkdtempSync(path.join(os.tmpdir(), 'followers-'));
  writeFileSync(path.join(folder, 'people.json'), JSON.stringify(world.base.people.document));
  write('policy-1.json', world.base.people.policy(world.document));
});
afterAll(async () => {
  rmSync(folder, { recursive: true });
  await world.close();
});

/** Into the folder of the key holder and of all others. */
function write(name: string, content: unknown): void {
  for (const at of [world.base.folder, folder]) writeFileSync(path.join(at, name), JSON.stringify(content));
}
/** As nyms, correlator, witness and registrar see it, from files and the first registry alone. */
function follower(): PolicyStore {
  const store = new PolicyStore({ folder, people: pinnedPeople(path.join(folder, 'people.json')), production: false });
  store.look();
  return store;
}
const decide = () => world.decide(++epoch, reportAll(pseudonyms, [0], 1), { since: epoch - 1 });
const followed = async () => (await world.base.rows('SELECT policy_version FROM keyholder.state'))[0]?.['policy_version'];
const entryOf = async (request: ApprovalRequest) => (await desk.list()).find(({ digest }) => digest === digestOf(request))!;
const policyRequest = (document: PolicyDocument, change: Partial<ApprovalRequest> = {}) =>
  desk.request('policy', { version: document.version, digest: toBase64Url(policyDigest(document)) }, {
    requester: 'operator-1',
    ...change,
  } as never);

describe('a policy', () => {
  it('that is carried out is the very file that every process follows', async () => {
    const document = { ...world.document, version: 2, minPseudonyms: 1, newOperatorDays: 3 };
    const request = policyRequest(document);
    await desk.done(request, ['operator-2']);
    const { signature, approvals } = await entryOf(request);
    write('policy-2.json', approvedPolicy.parse({ document, request, signature, approvals }));
    expect(follower().live()).toMatchObject({ version: 2, author: 'operator-1', approvers: ['operator-2'] });
    world.document = document;
    expect((await decide()).status).toBe(200);
    expect(await followed()).toBe(2);
    const log = await world.audit();
    const executed = log.find(({ type, kind }) => type === 'executed' && kind === 'policy');
    expect(executed).toMatchObject({ requester: 'operator-1', approvers: ['operator-2'] });
    expect(log.find(({ type, version }) => type === 'policy' && version === 2)!.index).toBeGreaterThan(executed!.index as number);
  });

  it('is not carried out by its author alone, by one role or for a version that was followed', async () => {
    const next = { ...world.document, version: 3 };
    const request = await desk.approved(policyRequest(next));
    expect((await desk.approve(request, 'operator-1')).status).toBe(403);
    expect((await desk.approve(request, 'lead-1')).status).toBe(403);
    expect((await desk.execute(request)).status).toBe(403);
    expect((await desk.make(policyRequest({ ...next, version: 2 }))).status).toBe(403);
    expect((await desk.make(policyRequest({ ...next, version: 1 }))).status).toBe(403);
  });

  it('is rolled back by promoting the earlier document under a new number', async () => {
    const first = follower().byNumber(1)!.document;
    const document = { ...first, version: 3 };
    const request = policyRequest(document, { requester: 'operator-2' });
    await desk.done(request, ['operator-1']);
    const { signature, approvals } = await entryOf(request);
    write('policy-3.json', { document, request, signature, approvals });
    world.document = document;
    expect((await decide()).status).toBe(200);
    expect(await followed()).toBe(3);
  });

  it('whose request expired before its file came is not followed by the key holder, and nothing is decided under it', async () => {
    const late = { ...world.document, version: 4 };
    const people = world.base.people;
    const [author, approver] = [people.of('operator-1'), people.of('operator-2')];
    const expiresAt = new Date(world.base.clock.now().getTime() - 1_000);
    write('policy-4.json', approvePolicy(late, { people: people.registry, author, approvers: [approver], expiresAt }));
    const before = world.document;
    world.document = late;
    expect((await decide()).status).toBe(403);
    epoch -= 1;
    expect(await followed()).toBe(3);
    for (const at of [world.base.folder, folder]) rmSync(path.join(at, 'policy-4.json'));
    await world.base.restart();
    world.document = before;
    expect((await decide()).status).toBe(200);
  });
});

describe('people', () => {
  const withoutOperator1 = (): PeopleDocument => {
    const { document } = world.base.people;
    const people = document.people
      .filter(({ id }) => id !== 'operator-1')
      .map((person) => (person.id === 'lead-3' ? { ...person, roles: ['lead' as const, 'operator' as const] } : person));
    return { ...document, version: 2, afterPolicy: 3, people };
  };

  it('must name the policy that is live', async () => {
    for (const afterPolicy of [undefined, 2, 4]) {
      const { afterPolicy: _, ...document } = withoutOperator1();
      const named = afterPolicy === undefined ? document : { ...document, afterPolicy };
      expect((await desk.make(desk.request('people', { document: named }))).status).toBe(403);
    }
  });

  it('that are carried out are the very file that every process goes by, and who was removed approves nothing more', async () => {
    const document = withoutOperator1();
    const former = world.base.people.registry;
    const request = desk.request('people', { document });
    await desk.done(request, ['lead-2', 'lead-3']);
    const { signature, approvals } = await entryOf(request);
    const file = approvedPeople.parse({ document, request, signature, approvals });
    write('people-2.json', file);
    world.base.people.document = document;
    expect(follower().people.newest.digest).toBe(world.base.people.registry.digest);

    const next = { ...world.document, version: 4 };
    const people = world.base.people;
    const old = { people: former, author: people.of('operator-1'), approvers: [people.of('operator-2')] };
    write('policy-4.json', approvePolicy(next, { ...old, expiresAt: new Date('2100-01-01T00:00:00Z') }));
    expect(follower().live().version).toBe(3);
    expect(follower().refusals()).toMatchObject([{ reason: 'unapproved', file: 'policy-4.json' }]);
    expect((await decide()).status).toBe(200); // under version 3, as before

    write('policy-4.json', people.policy(next, ['operator-2', 'lead-3']));
    expect(follower().live()).toMatchObject({ version: 4, people: 2 });
    world.document = next;
    expect((await decide()).status).toBe(200);
    expect(await followed()).toBe(4);
  });

  it('stay as the key holder knows them when an older folder comes back', async () => {
    const file = path.join(world.base.folder, 'people-2.json');
    renameSync(file, `${file}.away`);
    await world.base.restart();
    expect((await decide()).status).toBe(200);
    const [newest] = await world.base.rows('SELECT max(version) AS version FROM keyholder.people');
    expect(newest).toEqual({ version: 2 });
    renameSync(`${file}.away`, file);
  });

  it('come from approved files when the database is new, as for every other process', async () => {
    const [row] = await world.base.rows('SELECT count(*)::int AS n FROM keyholder.people');
    expect(row).toEqual({ n: 2 });
    await world.base.app.close();
    await world.base.sql.query('TRUNCATE keyholder.people');
    writeFileSync(
      path.join(world.base.folder, 'people.json'),
      JSON.stringify(pinnedPeople(path.join(folder, 'people.json')).newest.document),
    );
    world.base.app = await world.base.start();
    const rows = await world.base.rows('SELECT version FROM keyholder.people ORDER BY version');
    expect(rows).toEqual([{ version: 1 }, { version: 2 }]);
    expect((await decide()).status).toBe(200);
  });
});
