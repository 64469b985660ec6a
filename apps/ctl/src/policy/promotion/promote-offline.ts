/**
 * The same way without a key holder, for the first policy, which a key holder needs before it can start: request, signature and approvals
 * gather in the draft file itself, which people hand on to each other.
 */
import { approvalFault, judgeFile, requestText, signRequest } from '#approvals';
import type { People } from '#approvals';
import type { ApprovedPolicy, PolicyDocument, RequestOf } from '#contracts';
import { verify } from '#platform';
import type { Context } from '../../command/context.js';
import type { Session } from '../../command/session.js';
import { newRequest } from '../../approvals/make-request.js';
import type { Person } from '../../approvals/person.js';
import { personAt } from '../../approvals/person.js';
import { installPolicyFile } from '../../stack/policy-files.js';
import { StackError } from '../../stack/stack-error.js';
import { isAskedFor, writeDraft } from '../policy-draft.js';
import type { PolicyDraft } from '../policy-draft.js';
import type { AskOptions } from './promote.js';
import { parametersOf, requireCase, requireFit } from './promote.js';

interface DraftAt {
  readonly file: string;
  readonly draft: PolicyDraft;
}

export function promoteOffline(
  { now, print }: Pick<Context, 'now' | 'print'>,
  session: Session,
  { file, draft }: DraftAt,
  options: AskOptions,
): void {
  const { document } = draft;
  requireFit(session, document);
  const people = peopleFor(session, document);
  if (!isAskedFor(draft)) {
    const person = personAt(session, options.as);
    const asked = { requester: person.id, people, now: now() };
    const request = newRequest('policy', parametersOf(document), requireCase(options), asked) as RequestOf<'policy'>;
    writeDraft(file, { document, request, signature: signRequest('request', request, person), approvals: [] });
    print(requestText(request, people));
    print(
      `\nasked for in ${file}: others add their approval with \`ctl policy approve --file\`, then this command again makes it live`,
    );
    return;
  }
  const { granted, words } = judgeFile(draft, people, verify);
  if (!granted) throw new StackError(`it waits: ${words}`, 'others approve it with `ctl policy approve --file`');
  print(`live: ${installPolicyFile(session.policyDir, draft)}`);
}

/** @returns the draft with this person's approval. @throws StackError when it would not count. */
export function approvedBy(session: Session, draft: PolicyDraft, person: Person): ApprovedPolicy {
  if (!isAskedFor(draft))
    throw new StackError('nobody has asked for this draft', 'its author does, with `ctl policy promote --offline`');
  requireSame(draft);
  const people = peopleFor(session, draft.document);
  const approval = signRequest('approval', draft.request, person);
  const fault = approvalFault(draft.request, approval, people, verify);
  if (fault)
    throw new StackError(
      `your approval would not count (${fault})`,
      'it takes another person, of the role that the registry asks for',
    );
  return { ...draft, approvals: [...draft.approvals.filter(({ person: by }) => by !== person.id), approval] };
}

/** Whom a policy of this version is approved by. @throws StackError */
export function peopleFor(session: Session, { version }: PolicyDocument): People {
  const people = session.people().forPolicy(version);
  if (people) return people;
  throw new StackError(`version ${version} is older than the registry of people here`, 'raise `version` in the draft');
}

/** What is shown must be what is signed. */
function requireSame({ document, request }: ApprovedPolicy): void {
  const { version, digest } = parametersOf(document);
  if (request.parameters.version !== version || request.parameters.digest !== digest)
    throw new StackError('the request is for another document than the one beside it', 'sign nothing, and ask the author');
}
