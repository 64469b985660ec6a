/**
 * What the key holder shows of requests, taken at its word in nothing: digests are computed here from the requests themselves, approvals are
 * judged here by the registry. So what a person signs is what they have read, whatever a process says it is. Pure.
 */
import { digestOf, isRequestSignedBy, judgeApprovals, People } from '#approvals';
import type { Judgement } from '#approvals';
import type { PeopleDocument, RequestEntry } from '#contracts';
import { isUsablePublicKey, verify } from '#platform';
import { StackError } from '../stack/stack-error.js';

/** Enough of a digest to be told apart, and to be read out on the telephone. */
const leastId = 8;

export const readRegistry = (document: PeopleDocument): People => People.read(document, isUsablePublicKey);

/** @param id beginning of the digest that the requester gave. @throws StackError, also when the key holder shows something else under it */
export function requestOf(entries: readonly RequestEntry[], id: string): RequestEntry {
  if (id.length < leastId)
    throw new StackError(`${id} is too short to name a request`, `give ${leastId} characters of it at least`);
  const lying = entries.find(({ digest, request }) => digest !== digestOf(request));
  if (lying) {
    throw new StackError(
      `the key holder shows a request under a digest that is not its own (${lying.digest})`,
      'sign nothing, and find out who changed what it answers',
    );
  }
  const found = entries.filter(({ request }) => digestOf(request).startsWith(id));
  const [entry, ...more] = found;
  if (!entry) throw new StackError(`there is no request ${id}`, '`ctl requests` lists those that are open');
  if (more.length > 0) throw new StackError(`${id} names ${found.length} requests`, 'give more of it');
  return entry;
}

/** Has the requester made this request, and do enough others approve it? */
export function judged({ request, signature, approvals }: RequestEntry, people: People, now: Date): Judgement {
  if (signature.person !== request.requester || !isRequestSignedBy('request', request, signature, people, verify))
    throw new StackError(`nobody has signed this request as ${request.requester}`, 'sign nothing, and ask the requester');
  return judgeApprovals(request, approvals, people, { now, verify });
}

export function standText(entry: RequestEntry, people: People, now: Date): string {
  if (entry.state !== 'open') return entry.state;
  const { approvers, needed, granted } = judged(entry, people, now);
  const by = approvers.length > 0 ? `, by ${approvers.join(', ')}` : '';
  return granted ? `approved${by}` : `${approvers.length} of ${needed} approvals${by}`;
}
