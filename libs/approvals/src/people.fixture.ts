/** People with keys, for specs: three leads, two operators, an auditor. */
import { randomBytes } from 'node:crypto';
import { toBase64Url } from '#contracts';
import type { ApprovalRequest, PeopleDocument, PersonRole, RequestOf, RequestType } from '#contracts';
import { defaultRules } from './people/default-rules.js';
import { kidOfKey } from './people/people-faults.js';
import { People } from './people/people.js';
import { isUsable, newKey } from './keys.fixture.js';
import type { SampleKey } from './keys.fixture.js';

export interface SamplePerson {
  readonly id: string;
  readonly key: SampleKey;
}

const sampleRoles: readonly (readonly [string, PersonRole])[] = [
  ['lead-1', 'lead'],
  ['lead-2', 'lead'],
  ['lead-3', 'lead'],
  ['operator-1', 'operator'],
  ['operator-2', 'operator'],
  ['auditor-1', 'auditor'],
];

export const entryOf = (
  id: string,
  roles: readonly PersonRole[],
  ...keys: readonly SampleKey[]
): PeopleDocument['people'][number] => ({
  id,
  keys: keys.map(({ publicKey }) => ({ kid: kidOfKey(publicKey), key: toBase64Url(publicKey) })),
  sealTo: toBase64Url(Uint8Array.from(randomBytes(32))),
  roles: [...roles],
});

export function samplePeople(): { signers: Readonly<Record<string, SamplePerson>>; document: PeopleDocument; people: People } {
  const signers = Object.fromEntries(sampleRoles.map(([id]) => [id, { id, key: newKey() }]));
  const document: PeopleDocument = {
    v: 1,
    version: 1,
    people: sampleRoles.map(([id, role]) => entryOf(id, [role], signers[id]!.key)),
    rules: defaultRules,
  };
  return { signers, document, people: People.read(document, isUsable) };
}

/** A break-glass request of lead-1, in order unless `change` spoils it. */
export function sampleRequest(people: People, change: Partial<RequestOf<'break-glass'>> = {}): ApprovalRequest {
  return {
    v: 1,
    id: toBase64Url(Uint8Array.from(randomBytes(16))),
    type: 'break-glass' satisfies RequestType,
    parameters: { uri: 'mimi://provider.example/p/abcdefghijklmnopqrstuvwxyz' as never },
    reason: 'court order 12/2026',
    case: '2026-0042',
    requester: 'lead-1',
    people: people.digest,
    expiresAt: '2026-12-01T00:00:00Z',
    output: 'handle',
    ...change,
  };
}
