/** The key holder's routes for requests, as a person uses them. Every digest that is sent is computed here. */
import type { z } from 'zod';
import { digestOf, openAnswer, requestDigest, signRequest } from '#approvals';
import type { People } from '#approvals';
import {
  actOutput,
  attestersAnswer,
  executionAnswer,
  peopleAnswer,
  proposalList,
  requestList,
  requestMade,
  undoPreview,
} from '#contracts';
import type { ActOutput, ApprovalRequest, PeopleDocument, RequestEntry } from '#contracts';
import { z as zod } from 'zod';
import { callKeyholder } from '../command/keyholder-call.js';
import { callService } from '../command/service-call.js';
import type { Session } from '../command/session.js';
import { readToken } from '../command/signed.js';
import { livePolicy } from '../policy/policy-draft.js';
import { StackError } from '../stack/stack-error.js';
import type { Person } from './person.js';
import { readRegistry } from './shown-requests.js';

/** Those whose selector nyms must bring. */
const aboutPseudonyms: readonly ApprovalRequest['type'][] = ['break-glass', 'deletion', 'expedite', 'related'];

export class Desk {
  constructor(
    private readonly session: Session,
    private readonly person: Person,
    private readonly now: () => Date,
  ) {}

  async people(): Promise<People> {
    return (await this.registry()).people;
  }

  /** The registry of people, and the generation of the key holder that requests are made for. */
  async registry(): Promise<{ people: People; generation: number }> {
    const { digest, document, generation } = await this.read('/v1/people', peopleAnswer);
    return { people: shownUnder(digest, document), generation };
  }

  /** The version that a request names, which may be over. */
  async peopleOf({ people: digest }: ApprovalRequest): Promise<People> {
    return shownUnder(digest, (await this.read(`/v1/people/${digest}`, peopleAnswer)).document);
  }

  async requests(): Promise<RequestEntry[]> {
    return (await this.read('/v1/requests', requestList)).requests;
  }

  attesters = (): Promise<z.output<typeof attestersAnswer>> => this.read('/v1/attesters', attestersAnswer);

  undoPreview(epoch: number): Promise<z.output<typeof undoPreview>> {
    return this.read(`/v1/decisions/${epoch}/undo`, undoPreview);
  }

  proposals = (): Promise<z.output<typeof proposalList>> => this.read('/v1/proposals', proposalList);

  /** @returns its digest. */
  async make(request: ApprovalRequest): Promise<string> {
    const body = { request, signature: signRequest('request', request, this.person) };
    await this.write('/v1/requests', body, requestMade);
    return digestOf(request);
  }

  async approve(request: ApprovalRequest): Promise<void> {
    const approval = signRequest('approval', request, this.person);
    await this.write(`/v1/requests/${digestOf(request)}/approvals`, approval, zod.unknown());
  }

  /** @returns what the answer says to this person. @throws StackError */
  async execute(request: ApprovalRequest): Promise<ActOutput> {
    const signature = signRequest('execution', request, this.person);
    const { sealed } = aboutPseudonyms.includes(request.type)
      ? await callService({
          service: 'nyms',
          url: `${this.session.url('nyms')}/v1/moderation/requests/execution`,
          body: { request, signature },
          answer: executionAnswer,
        })
      : await this.write(`/v1/requests/${digestOf(request)}/execution`, { signature }, executionAnswer);
    const opened = actOutput.safeParse(await openAnswer(this.person.sealKey(), requestDigest(request), sealed));
    if (opened.success) return opened.data;
    throw new StackError('the answer does not open', 'it is done, but sealed to another key: check your seal key, and ask anew');
  }

  private async read<T>(path: string, answer: z.ZodType<T>): Promise<T> {
    const { audience } = livePolicy(this.session.policyDir).document;
    const token = await readToken(this.person, audience, this.now());
    return callKeyholder(this.session, path, answer, { token });
  }

  private write<T>(path: string, body: unknown, answer: z.ZodType<T>): Promise<T> {
    return callKeyholder(this.session, path, answer, { body });
  }
}

/** @throws StackError when it is another one */
function shownUnder(digest: string, document: PeopleDocument): People {
  const people = readRegistry(document);
  if (people.digest === digest) return people;
  throw new StackError('the key holder shows a registry of people under another digest', 'sign nothing, and find out why');
}
