import { describe, expect, it } from '@jest/globals';
import { toBase64Url } from '#contracts';
import type { PeopleDocument } from '#contracts';
import { entryOf, samplePeople } from '../people.fixture.js';
import { kidOfKey } from './people-faults.js';
import { People, PeopleRefused } from './people.js';
import { isUsable, newKey } from '../keys.fixture.js';

const { document, people, signers } = samplePeople();
const read = (change: (draft: PeopleDocument) => void) => {
  const draft = structuredClone(document);
  change(draft);
  return People.read(draft, isUsable);
};
const faultsOf = (change: (draft: PeopleDocument) => void): readonly string[] => {
  try {
    read(change);
  } catch (error) {
    if (error instanceof PeopleRefused) return error.faults;
    throw error;
  }
  return [];
};

describe('the registry of people', () => {
  it('finds people, their keys, roles and rules, and nothing for whom it does not know', () => {
    const { key } = signers['lead-1']!;
    expect(people.keyOf('lead-1', kidOfKey(key.publicKey))).toEqual(key.publicKey);
    expect(people.keyOf('lead-2', kidOfKey(key.publicKey))).toBeUndefined();
    expect(people.keyOf('nobody', 'A'.repeat(11))).toBeUndefined();
    expect([people.hasRole('lead-1', 'lead'), people.hasRole('lead-1', 'operator'), people.hasRole('nobody', 'lead')]).toEqual([
      true,
      false,
      false,
    ]);
    expect(people.withRole('auditor').map(({ id }) => id)).toEqual(['auditor-1']);
    expect(people.ruleOf('break-glass')).toEqual({ role: 'lead', approvals: 2 });
  });

  it('has a digest that does not hang on the order of members, and changes with every value', () => {
    const reordered = JSON.parse(JSON.stringify({ rules: document.rules, people: document.people, version: 1, v: 1 })) as unknown;
    expect(People.read(reordered, isUsable).digest).toBe(people.digest);
    expect(read((draft) => void (draft.version = 2)).digest).not.toBe(people.digest);
  });

  it.each<[string, (draft: PeopleDocument) => void, RegExp]>([
    ['two people of one id', (draft) => void (draft.people[1]!.id = 'lead-1'), /one id/],
    ['one key of two people', (draft) => void (draft.people[1]!.keys = draft.people[0]!.keys), /one key stands twice/],
    [
      'one key twice of one person',
      (draft) => void draft.people[0]!.keys.push(draft.people[0]!.keys[0]!),
      /one key stands twice/,
    ],
    ['one sealTo of two people', (draft) => void (draft.people[1]!.sealTo = draft.people[0]!.sealTo), /one sealTo/],
    ['a kid that names another key', (draft) => void (draft.people[0]!.keys[0]!.kid = 'A'.repeat(11)), /does not name its key/],
    [
      'a key under which one signature fits many messages',
      (draft) => {
        const key = new Uint8Array(32);
        draft.people[0]!.keys[0] = { kid: kidOfKey(key), key: toBase64Url(key) };
      },
      /no usable Ed25519 key/,
    ],
    [
      'a rule that nobody could meet',
      (draft) => void draft.people.splice(0, 1),
      /needs 2 approvals, so 3 people with the role lead/,
    ],
    ['break-glass by one other person', (draft) => void (draft.rules['break-glass'].approvals = 1), /break-glass needs 2/],
    ['deletion by one other person', (draft) => void (draft.rules.deletion.approvals = 1), /deletion needs 2/],
    [
      'an easier change of people than of anything else',
      (draft) => void (draft.rules.unfreeze = { role: 'lead', approvals: 3 }),
      /people needs as many/,
    ],
    ['a role that does not exist', (draft) => void (draft.people[0]!.roles = ['king' as never]), /roles/],
    ['an act without a rule', (draft) => void Reflect.deleteProperty(draft.rules, 'unfreeze'), /rules\.unfreeze/],
    ['a member that is not known', (draft) => void Object.assign(draft, { more: 1 }), /more/],
  ])('is refused with %s', (_, change, words) => {
    expect(faultsOf(change).join('\n')).toMatch(words);
  });

  it('may give a person several keys and several roles', () => {
    const more = read((draft) => void (draft.people[0] = entryOf('lead-1', ['lead', 'operator'], newKey(), newKey())));
    expect(more.person('lead-1')?.keys.length).toBe(2);
  });
});
