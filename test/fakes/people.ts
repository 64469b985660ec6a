/** People of a key holder's registry with their keys: three leads, two operators, an auditor. What a person does with their own tool. */
import { randomBytes } from 'node:crypto';
import { defaultRules, generateSealKey, kidOfKey, People, signRequest } from '#approvals';
import type { PersonSigner, SealKeyPair } from '#approvals';
import { isoSecond, requestOutputs, toBase64Url } from '#contracts';
import type {
  ApprovalRequest,
  ApprovedPeople,
  ApprovedPolicy,
  ApprovedShadow,
  PeopleDocument,
  PersonRole,
  PolicyDocument,
  RequestOf,
  RequestType,
  ShadowParameters,
  SignedRequest,
} from '#contracts';
import { generateSigningKey, isUsablePublicKey } from '#platform';
import type { SigningKey } from '#platform';
import { approvePeople, approvePolicy, approveShadow } from '#policy';
import type { Signers } from '#policy';
import { demoRoles } from '../../apps/ctl/src/stack/demo-people.js';

export interface TestPerson extends PersonSigner {
  readonly key: SigningKey;
  readonly seal: SealKeyPair;
}

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
    const people = await Promise.all(demoRoles.map(([id]) => newPerson(id)));
    const entries = people.map((person, i) => personEntry(person, [demoRoles[i]![1]]));
    const document: PeopleDocument = { v: 1, version: 1, people: entries, rules: defaultRules };
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
    const inAnHour = isoSecond(new Date(now.getTime() + 3_600_000));
    const common = {
      v: 1,
      id: toBase64Url(Uint8Array.from(randomBytes(16))),
      reason: 'a reason',
      case: 'case-1',
      requester: 'lead-1',
    };
    return {
      ...common,
      people: this.registry.digest,
      expiresAt: inAnHour,
      type,
      parameters,
      output: requestOutputs[type],
      ...change,
    } as ApprovalRequest;
  }

  /** The very file that a process follows: the first of them asks, the others approve. */
  policy(document: PolicyDocument, by: readonly string[] = ['operator-1', 'operator-2']): ApprovedPolicy {
    return approvePolicy(document, this.signers(by));
  }

  /** As the key holder hands it on. */
  shadow(parameters: ShadowParameters, by: readonly string[] = ['operator-1', 'operator-2']): ApprovedShadow {
    return approveShadow(parameters, this.signers(by));
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
