/** People of a key holder's registry with their keys: three leads, two operators, an auditor. What a person does with their own tool. */
import { randomBytes } from 'node:crypto';
import { generateSealKey, kidOfKey, People, requestDigest, signRequest } from '#approvals';
import type { PersonSigner, SealKeyPair } from '#approvals';
import { toBase64Url } from '#contracts';
import type {
  ApprovalRequest,
  ApprovedPeople,
  ApprovedPolicy,
  PeopleDocument,
  PersonRole,
  PolicyDocument,
  RequestOf,
  RequestType,
  SignedRequest,
} from '#contracts';
import { generateSigningKey, isUsablePublicKey } from '#platform';
import type { SigningKey } from '#platform';
import { approvePeople, approvePolicy } from '#policy';
import type { Signers } from '#policy';

export interface TestPerson extends PersonSigner {
  readonly key: SigningKey;
  readonly seal: SealKeyPair;
}

const roles: readonly (readonly [string, PersonRole])[] = [
  ['lead-1', 'lead'],
  ['lead-2', 'lead'],
  ['lead-3', 'lead'],
  ['operator-1', 'operator'],
  ['operator-2', 'operator'],
  ['auditor-1', 'auditor'],
];
const byLeads = { role: 'lead', approvals: 2 } as const;
const byOperators = { role: 'operator', approvals: 1 } as const;
export const testRules: PeopleDocument['rules'] = {
  people: byLeads,
  policy: byOperators,
  'policy-shadow': byOperators,
  witnesses: byOperators,
  unfreeze: byOperators,
  'break-glass': byLeads,
  deletion: byLeads,
  'undo-decision': byLeads,
  restore: byOperators,
  'key-rotation': byLeads,
};

const outputs = {
  people: 'nothing',
  policy: 'nothing',
  'policy-shadow': 'nothing',
  witnesses: 'nothing',
  unfreeze: 'nothing',
  'break-glass': 'handle',
  deletion: 'nothing',
  'undo-decision': 'count',
  restore: 'nothing',
  'key-rotation': 'nothing',
} as const satisfies Record<RequestType, string>;

export const personEntry = (
  { id, key, seal }: TestPerson,
  personRoles: readonly PersonRole[],
  ...more: readonly SigningKey[]
): PeopleDocument['people'][number] => ({
  id,
  keys: [key, ...more].map(({ publicKey }) => ({ kid: kidOfKey(publicKey), key: toBase64Url(publicKey) })),
  sealTo: toBase64Url(seal.publicKey),
  roles: [...personRoles],
});

export const newPerson = async (id: string): Promise<TestPerson> => ({
  id,
  key: generateSigningKey(),
  seal: await generateSealKey(),
});

export class TestPeople {
  private constructor(
    readonly all: Readonly<Record<string, TestPerson>>,
    /** The registry they stand in now; a test that changes it at the key holder says so here. */
    public document: PeopleDocument,
  ) {}

  static async open(): Promise<TestPeople> {
    const people = await Promise.all(roles.map(([id]) => newPerson(id)));
    const entries = people.map((person, i) => personEntry(person, [roles[i]![1]]));
    const document: PeopleDocument = { v: 1, version: 1, people: entries, rules: testRules };
    return new TestPeople(Object.fromEntries(people.map((person) => [person.id, person])), document);
  }

  get registry(): People {
    return People.read(this.document, isUsablePublicKey);
  }

  of(id: string): TestPerson {
    const person = this.all[id];
    if (!person) throw new Error(`there is no ${id}`);
    return person;
  }

  /** In order; `change` replaces members. */
  request<T extends RequestType>(
    type: T,
    parameters: RequestOf<T>['parameters'],
    { now, ...change }: { now: Date } & Partial<RequestOf<T>>,
  ): ApprovalRequest {
    const inAnHour = new Date(now.getTime() + 3_600_000).toISOString().replace(/\.\d+Z$/, 'Z');
    const common = {
      v: 1,
      id: toBase64Url(Uint8Array.from(randomBytes(16))),
      reason: 'a reason',
      case: 'case-1',
      requester: 'lead-1',
    };
    const output = outputs[type];
    return {
      ...common,
      people: this.registry.digest,
      expiresAt: inAnHour,
      type,
      parameters,
      output,
      ...change,
    } as ApprovalRequest;
  }

  /** The very file that a process follows: the first of them asks, the others approve. */
  policy(document: PolicyDocument, by: readonly string[] = ['operator-1', 'operator-2']): ApprovedPolicy {
    return approvePolicy(document, this.signers(by));
  }

  /** The very file of the next registry, approved under the present one. */
  successor(document: PeopleDocument, by: readonly string[] = ['lead-1', 'lead-2', 'lead-3']): ApprovedPeople {
    return approvePeople(document, this.signers(by));
  }

  private signers(by: readonly string[]): Signers {
    const [author, ...approvers] = by.map((id) => this.of(id));
    return { people: this.registry, author: author!, approvers, expiresAt: new Date('2100-01-01T00:00:00Z') };
  }

  signed(request: ApprovalRequest, by: string = request.requester): SignedRequest {
    return { request, signature: signRequest('request', request, this.of(by)) };
  }
}

export const digestText = (request: ApprovalRequest): string => toBase64Url(requestDigest(request));
