/** What leads do together: one asks, two approve, and it is carried out, as `ctl` does it for them. */
import { z } from 'zod';
import { digestOf, signRequest } from '#approvals';
import { executionAnswer, proposalList } from '#contracts';
import type { RequestOf } from '#contracts';
import { newRequest } from '../../../apps/ctl/src/approvals/make-request.js';
import { readRegistry } from '../../../apps/ctl/src/approvals/shown-requests.js';
import { callKeyholder } from '../../../apps/ctl/src/command/keyholder-call.js';
import { callService } from '../../../apps/ctl/src/command/service-call.js';
import { readToken } from '../../../apps/ctl/src/command/signed.js';
import { demoPeopleDocument } from '../../../apps/ctl/src/stack/demo-people.js';
import type { DemoPerson } from '../../../apps/ctl/src/stack/demo-people.js';
import type { Stack } from '../../../apps/ctl/src/stack/stack.js';

type Proposal = z.output<typeof proposalList>['proposals'][number];

export class Leads {
  constructor(
    private readonly stack: Stack,
    private readonly now: () => Date,
  ) {}

  /** An account and those related to it, by a pseudonym; nyms adds the selector. */
  async related(parameters: RequestOf<'related'>['parameters']): Promise<void> {
    const { request, signature } = await this.approved('related', parameters);
    const url = `${this.stack.urls.nyms}/v1/moderation/requests/execution`;
    await callService({ service: 'nyms', url, body: { request, signature }, answer: executionAnswer });
  }

  async accounts(parameters: RequestOf<'accounts'>['parameters']): Promise<void> {
    const { request, signature } = await this.approved('accounts', parameters);
    await this.post(`/${digestOf(request)}/execution`, { signature });
  }

  async proposals(): Promise<readonly Proposal[]> {
    const token = await readToken(this.person('lead-1'), this.stack.policy().audience, this.now());
    return (await callKeyholder(this.door, '/v1/proposals', proposalList, { token })).proposals;
  }

  private async approved(type: 'related' | 'accounts', parameters: unknown) {
    const people = readRegistry(demoPeopleDocument(this.stack.keys.people));
    const options = { case: 'canary-4', reason: 'played', expires: '1' };
    const request = newRequest(type, parameters, options, { requester: 'lead-1', people, now: this.now() });
    await this.post('', { request, signature: signRequest('request', request, this.person('lead-1')) });
    for (const id of ['lead-2', 'lead-3'])
      await this.post(`/${digestOf(request)}/approvals`, signRequest('approval', request, this.person(id)));
    return { request, signature: signRequest('execution', request, this.person('lead-1')) };
  }

  private readonly door = {
    url: () => this.stack.urls.keyholder,
    client: () => this.stack.client('ctl', 'keyholder'),
  };

  private post = (path: string, body: unknown) => callKeyholder(this.door, `/v1/requests${path}`, z.unknown(), { body });

  private person(id: string): DemoPerson {
    const person = this.stack.keys.people.find((one) => one.id === id);
    if (!person) throw new Error(`there is no ${id}`);
    return person;
  }
}
