/** The registry of the demo, and break-glass requests under it. */
import type { People } from '#approvals';
import type { ApprovalRequest } from '#contracts';
import { newRequest } from '../../approvals/make-request.js';
import { readRegistry } from '../../approvals/shown-requests.js';
import { demoPeopleDocument } from '../../stack/demo-people.js';
import type { DemoPerson } from '../../stack/demo-people.js';

export interface BenchPeople {
  readonly registry: People;
  /** By lead-1, good for an hour. */
  ask(uri: string): ApprovalRequest;
}

export function benchPeople(people: readonly DemoPerson[]): BenchPeople {
  const registry = readRegistry(demoPeopleDocument(people));
  const options = { case: 'bench', reason: 'measured', expires: '1' };
  return {
    registry,
    ask: (uri) => newRequest('break-glass', { uri }, options, { requester: 'lead-1', people: registry, now: new Date() }),
  };
}
