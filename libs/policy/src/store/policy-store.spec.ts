import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { ApprovedPeople, ApprovedPolicy, PeopleDocument } from '#contracts';
import { generateSigningKey } from '#platform';
import { PolicyRefused, refuseOlder } from './policy-refused.js';
import { PolicyStore } from './policy-store.js';
import { policyDigest } from '../rules/policy-digest.js';
import { keyEntry, SamplePeople, samplePolicy } from '../sample.fixture.js';
import { approvePeople, approvePolicy } from './approve-file.js';

const people = new SamplePeople();
const signed = (version: number, by: readonly string[] = ['op-1', 'op-2']) => people.policy(samplePolicy({ version }), by);

let folder: string;
let refusals: PolicyRefused[];
let live: number[];
const store = (chain = people.chain) =>
  new PolicyStore({
    folder,
    people: chain,
    production: true,
    onLive: ({ version }) => live.push(version),
    onRefused: (refusal) => refusals.push(refusal),
  });
function install(version: number, content: ApprovedPolicy | ApprovedPeople | string, kind = 'policy'): void {
  const at = path.join(folder, `${kind}-${version}.json`);
  writeFileSync(`${at}.new`, typeof content === 'string' ? content : JSON.stringify(content));
  renameSync(`${at}.new`, at);
}
function reasonOf(act: () => unknown): string {
  try {
    act();
  } catch (error) {
    if (error instanceof PolicyRefused) return error.reason;
    throw error;
  }
  return 'followed';
}

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'policies-'));
  refusals = [];
  live = [];
});
afterEach(() => rmSync(folder, { recursive: true }));

describe('the policies a process follows', () => {
  it('follows the highest approved version and still finds the earlier ones by digest', () => {
    install(1, signed(1));
    install(3, signed(3, ['op-2', 'op-3']));
    const policies = store();
    policies.look();
    expect(policies.live().version).toBe(3);
    expect(policies.versions().map(({ version }) => version)).toEqual([1, 3]);
    expect(policies.byDigest(policyDigest(samplePolicy({ version: 1 })))?.version).toBe(1);
    expect(policies.byDigest(new Uint8Array(32))).toBeUndefined();
  });

  it('follows a version that is installed while it runs', () => {
    install(1, signed(1));
    const policies = store();
    policies.look();
    install(2, signed(2));
    policies.look();
    policies.look();
    expect(live).toEqual([1, 2]);
  });

  it.each<[string, () => ApprovedPolicy | string]>([
    ['nobody has approved', () => signed(1, ['op-1'])],
    ['its author has approved', () => signed(1, ['op-1', 'op-1'])],
    [
      'one person has approved twice, where it takes two',
      () => new SamplePeople(2).policy(samplePolicy(), ['op-1', 'op-2', 'op-2']),
    ],
    ['people of another role have approved', () => signed(1, ['op-1', 'lead-1'])],
    ['strangers of the same names have approved', () => new SamplePeople().policy(samplePolicy())],
    ['nobody has asked for under their own name', () => ({ ...signed(1), signature: signed(1, ['op-2', 'op-3']).signature })],
    ['carries the approvals of another request', () => ({ ...signed(1), approvals: signed(1).approvals })],
    ['has one byte altered', () => JSON.stringify(signed(1)).replace('"threshold":40', '"threshold":41')],
    ['has its document exchanged', () => ({ ...signed(1), document: samplePolicy({ minPseudonyms: 21 }) })],
    [
      'names another author in its request',
      () => {
        const policy = signed(1);
        return { ...policy, request: { ...policy.request, requester: 'op-3' } };
      },
    ],
  ])('refuses a policy that %s', (_, content) => {
    install(1, content());
    expect(reasonOf(() => store().open())).toBe('unapproved');
  });

  it('takes an author who is a lead, and says who did what', () => {
    install(1, signed(1, ['lead-1', 'op-2', 'lead-2', 'op-3']));
    const policies = store().open();
    policies.close();
    expect(policies.live()).toMatchObject({ author: 'lead-1', approvers: ['op-2', 'op-3'], people: 1 });
  });

  it('refuses an approved document that could overflow, and says why in words', () => {
    const document = samplePolicy({ capPerHubAndPseudonym: 400 });
    install(1, people.policy(document));
    expect(reasonOf(() => store().open())).toBe('bounds');
    expect(() => store().open()).toThrow(/policy-1\.json: .*sums could overflow/);
  });

  it('refuses text that is no JSON, another shape, and a file named after another version', () => {
    install(1, '{');
    expect(reasonOf(() => store().open())).toBe('unreadable');
    install(1, JSON.stringify({ document: { v: 1 }, approvals: [] }));
    expect(reasonOf(() => store().open())).toBe('malformed');
    install(1, signed(2));
    expect(reasonOf(() => store().open())).toBe('malformed');
  });

  it('refuses a policy for another parameter set than that of the keys', () => {
    install(1, signed(1));
    const options = () => ({ folder, people: people.chain, production: true });
    expect(reasonOf(() => new PolicyStore({ ...options(), parameterSet: 'n4096-q60-t20' }).open())).toBe('bounds');
    expect(reasonOf(() => new PolicyStore({ ...options(), parameterSet: 'n2048-q50-t20' }).open().close())).toBe('followed');
  });

  it('has no policy in an empty or missing folder', () => {
    expect(reasonOf(() => store().open())).toBe('none');
    expect(
      reasonOf(() => new PolicyStore({ folder: path.join(folder, 'no'), people: people.chain, production: true }).open()),
    ).toBe('none');
  });

  it('goes on with what it follows when a newer file is not fit, and says so once', () => {
    install(1, signed(1));
    const policies = store();
    policies.look();
    install(2, signed(2, ['op-1']));
    policies.look();
    policies.look();
    expect(policies.live().version).toBe(1);
    expect(refusals.map(({ reason, file }) => [reason, file])).toEqual([['unapproved', 'policy-2.json']]);
    install(2, signed(2));
    policies.look();
    expect(policies.live().version).toBe(2);
    expect(policies.refusals()).toEqual([]);
  });

  it('says so again when the file is written anew, though for the same reason', () => {
    install(1, signed(1));
    const policies = store();
    install(2, signed(2, ['op-1']));
    policies.look();
    install(2, signed(2, ['op-1']));
    policies.look();
    expect(refusals.map(({ file }) => file)).toEqual(['policy-2.json', 'policy-2.json']);
  });

  it('never lets a followed version change, even when the change is approved', () => {
    install(1, signed(1));
    const policies = store();
    policies.look();
    install(1, people.policy(samplePolicy({ minPseudonyms: 21 })));
    policies.look();
    expect(refusals.map(({ reason }) => reason)).toEqual(['changed']);
    expect(policies.live().document.minPseudonyms).toBe(20);
  });

  it('refuses a version older than the highest that was followed', () => {
    expect(reasonOf(() => refuseOlder(4, 5))).toBe('older');
    expect(reasonOf(() => refuseOlder(5, 5))).toBe('followed');
  });
});

describe('the people who approve', () => {
  /** op-2 has left; op-1 and op-3 stay, and lead-3 is an operator now. */
  const next = (change: Partial<PeopleDocument> = {}): PeopleDocument => ({
    ...people.document,
    version: 2,
    afterPolicy: 1,
    people: people.document.people.filter(({ id }) => id !== 'op-2'),
    ...change,
  });
  const approved = (document: PeopleDocument, by: readonly string[] = ['lead-1', 'lead-2', 'lead-3']) =>
    approvePeople(document, people.signed(by));
  const under = (version: number, by: readonly string[], document = next()) =>
    people.policy(samplePolicy({ version }), by, document);
  const opened = () => {
    const policies = store();
    policies.look();
    return policies;
  };

  it('are those of an approved file from the policy on that it names, in whatever order the files come', () => {
    const policies = opened();
    install(2, under(2, ['op-1', 'op-3']));
    policies.look();
    expect(refusals.map(({ reason }) => reason)).toEqual(['unapproved']);
    install(1, signed(1));
    install(2, approved(next()), 'people');
    policies.look();
    expect(policies.versions().map(({ version, people: by }) => [version, by])).toEqual([
      [1, 1],
      [2, 2],
    ]);
    expect(policies.refusals()).toEqual([]);
  });

  it('count no more once they are removed, however old a version they claim to have approved', () => {
    install(1, signed(1));
    install(2, approved(next()), 'people');
    install(2, signed(2, ['op-1', 'op-2']));
    install(3, under(3, ['op-1', 'op-2']));
    const policies = opened();
    expect(policies.live().version).toBe(1);
    expect(refusals.map(({ reason, file }) => [reason, file])).toEqual([
      ['unapproved', 'policy-2.json'],
      ['unapproved', 'policy-3.json'],
    ]);
  });

  it('take back what the one before approved after the policy that the next one names', () => {
    install(1, signed(1));
    install(2, signed(2));
    const policies = opened();
    expect(policies.live().version).toBe(2);
    install(2, approved(next()), 'people');
    policies.look();
    expect(policies.live().version).toBe(1);
  });

  it.each<[string, () => ApprovedPeople | string]>([
    ['nobody approved', () => approved(next(), ['lead-1'])],
    ['operators approved', () => approved(next(), ['lead-1', 'op-1', 'op-3'])],
    [
      'its own people approved, and not those before',
      () => approvePeople(next(), people.signed(['lead-1', 'lead-2', 'lead-3'], next())),
    ],
    ['skips a version', () => approved(next({ version: 3 }))],
    ['does not say which policy was live', () => approved({ ...people.document, version: 2 })],
    ['was altered', () => JSON.stringify(approved(next())).replace('"roles":["lead"]', '"roles":["operator"]')],
    ['is another first version', () => approved({ ...people.document, people: next().people })],
  ])('are not replaced by a registry that %s', (_, content) => {
    install(1, signed(1));
    const text = content();
    const { version } = typeof text === 'string' ? { version: 2 } : text.document;
    install(version, text, 'people');
    const policies = opened();
    expect(policies.people.newest.version).toBe(1);
    expect(refusals).toHaveLength(1);
    expect(refusals[0]!.file).toBe(`people-${version}.json`);
  });

  it('may have new keys, and the old one then signs nothing', () => {
    const fresh = { id: 'op-3', key: generateSigningKey() };
    const document = next({
      people: next().people.map((one) => (one.id === 'op-3' ? { ...one, keys: [keyEntry(fresh.key)] } : one)),
    });
    install(1, signed(1));
    install(2, approved(document), 'people');
    install(2, under(2, ['op-1', 'op-3'], document));
    const policies = opened();
    expect(policies.live().version).toBe(1);
    const signers = { ...people.signed(['op-1'], document), approvers: [fresh] };
    install(2, approvePolicy(samplePolicy({ version: 2 }), signers));
    policies.look();
    expect(policies.live().version).toBe(2);
  });
});
