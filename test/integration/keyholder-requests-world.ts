/** What people do at a key holder, each with their own tool: ask, approve, have it done, read the answer that is sealed to them. */
import { digestOf, openAnswer, requestDigest, signRequest } from '#approvals';
import type { PersonSigner } from '#approvals';
import { actOutput, toBase64Url } from '#contracts';
import type { ActOutput, ApprovalRequest, RequestEntry, RequestOf, RequestType } from '#contracts';
import { toSelectorJson } from '#pseudonyms';
import { readToken } from '../../apps/ctl/src/command/signed.js';
import type { Pseudonym } from './keyholder-decisions-world.js';
import type { Answer, World } from './keyholder-minting-world.js';

export class RequestDesk {
  constructor(private readonly world: World) {}

  /** A request in order, of lead-1 for an hour; `change` replaces members. */
  request<T extends RequestType>(
    type: T,
    parameters: RequestOf<T>['parameters'],
    change: Partial<RequestOf<T>> = {},
  ): ApprovalRequest {
    return this.world.people.request(type, parameters, { now: this.world.clock.now(), ...change });
  }

  make(request: ApprovalRequest, by?: string): Promise<Answer> {
    return this.world.post('/v1/requests', this.world.people.signed(request, by), 'ctl');
  }

  approve(request: ApprovalRequest, by: string | PersonSigner, over: ApprovalRequest = request): Promise<Answer> {
    const approval = signRequest('approval', over, typeof by === 'string' ? this.world.people.of(by) : by);
    return this.world.post(`/v1/requests/${digestOf(request)}/approvals`, approval, 'ctl');
  }

  /** With the selector of a pseudonym: as nyms hands it on. */
  execute(request: ApprovalRequest, pseudonym?: Pseudonym, by: string = request.requester): Promise<Answer> {
    const signature = signRequest('execution', request, this.world.people.of(by));
    const body = { signature, ...(pseudonym && { pseudonym: shown(pseudonym) }) };
    return this.world.post(`/v1/requests/${digestOf(request)}/execution`, body, pseudonym ? 'nyms' : 'ctl');
  }

  /** Asked for, approved by these people, and not carried out yet. */
  async approved(request: ApprovalRequest, ...by: readonly string[]): Promise<ApprovalRequest> {
    const made = await this.make(request);
    if (made.status !== 200) throw new Error(`the request was answered ${made.status}`);
    for (const person of by) {
      const { status } = await this.approve(request, person);
      if (status !== 204) throw new Error(`the approval of ${person} was answered ${status}`);
    }
    return request;
  }

  /** What the answer says to the one it is sealed to; undefined for everybody else. */
  async read(request: ApprovalRequest, { text }: Answer, by: string = request.requester): Promise<ActOutput | undefined> {
    const { sealed } = JSON.parse(text) as { sealed: string };
    const opened = await openAnswer(this.world.people.of(by).seal.privateKey, requestDigest(request), sealed);
    return opened === undefined ? undefined : actOutput.parse(opened);
  }

  /** From asking to the answer. */
  async done(request: ApprovalRequest, by: readonly string[], pseudonym?: Pseudonym): Promise<ActOutput | undefined> {
    await this.approved(request, ...by);
    const answer = await this.execute(request, pseudonym);
    if (answer.status !== 200) throw new Error(`the execution was answered ${answer.status}`);
    return this.read(request, answer);
  }

  async list(by = 'auditor-1'): Promise<RequestEntry[]> {
    const { text } = await this.get('/v1/requests', by);
    return (JSON.parse(text) as { requests: RequestEntry[] }).requests;
  }

  async get(url: string, by: string | PersonSigner): Promise<Answer> {
    const { key, id } = typeof by === 'string' ? this.world.people.of(by) : by;
    const token = await readToken({ id, key: key as never }, this.world.pin.keyHolderId, this.world.clock.now());
    return this.world.get(url, 'ctl', { authorization: `Bearer ${token}` });
  }

  /** Decisions are frozen, and people have looked into it. */
  async unfreeze(): Promise<void> {
    const request = this.request('unfreeze', {}, { requester: 'operator-1' });
    await this.done(request, ['operator-2']);
  }
}

export const shown = ({ selector, redemption }: Pseudonym) => ({
  selector: toSelectorJson(selector),
  salt: toBase64Url(redemption.salt),
  publicKey: toBase64Url(redemption.key.spki),
});
