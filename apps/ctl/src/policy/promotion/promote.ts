/**
 * The way of a version from a draft to live: its author asks at the key holder, others approve there, its author has it carried out, and what
 * they signed becomes the file that every process verifies for itself. Each call goes as far as it can, and can be made again after a crash.
 */
import { requestText } from '#approvals';
import { toBase64Url } from '#contracts';
import type { PolicyDocument, RequestEntry, RequestOf } from '#contracts';
import { checkPolicy, policyDigest } from '#policy';
import type { Context } from '../../command/context.js';
import { Desk } from '../../approvals/desk.js';
import { newRequest } from '../../approvals/make-request.js';
import { personAt } from '../../approvals/person.js';
import { judged, standText } from '../../approvals/shown-requests.js';
import type { Session } from '../../command/session.js';
import { installedVersions, installPolicyFile } from '../../stack/policy-files.js';
import { StackError } from '../../stack/stack-error.js';

export interface AskOptions {
  readonly case?: string;
  readonly reason?: string;
  readonly expires: string;
  readonly as?: string;
}

type PolicyEntry = RequestEntry & { readonly request: RequestOf<'policy'> };

/** @throws StackError for what no process would follow, before anybody is asked. */
export function requireFit(session: Session, document: PolicyDocument): void {
  const { version } = document;
  const live = installedVersions(session.policyDir).at(-1) ?? 0;
  if (version <= live) throw new StackError(`version ${live} is live, and this is ${version}`, 'raise `version` in the draft');
  const [violation] = checkPolicy(document, { production: false });
  if (violation) throw new StackError(`no process would follow it (${violation})`, 'see `ctl policy check`');
}

export const parametersOf = (document: PolicyDocument): RequestOf<'policy'>['parameters'] => ({
  version: document.version,
  digest: toBase64Url(policyDigest(document)),
});

/** What `--case` and `--reason` say to those who approve; asked for only when it is needed. @throws StackError */
export function requireCase({ case: caseId, reason, expires }: AskOptions): { case: string; reason: string; expires: string } {
  if (caseId && reason) return { case: caseId, reason, expires };
  throw new StackError(
    'why it is asked for is not said',
    'add --case <id> and --reason <text>: the others read them before they approve',
  );
}

export async function promote(
  { now, print }: Pick<Context, 'now' | 'print'>,
  session: Session,
  document: PolicyDocument,
  options: AskOptions,
): Promise<void> {
  requireFit(session, document);
  const person = personAt(session, options.as);
  const desk = new Desk(session, person, now);
  const parameters = parametersOf(document);
  const entry = entryOf(await desk.requests(), parameters, person.id);
  const people = await desk.people();
  if (!entry) {
    const request = newRequest('policy', parameters, requireCase(options), { requester: person.id, people, now: now() });
    const digest = await desk.make(request);
    print(requestText(request, people));
    print(
      `\nasked for: others compare the digest with \`ctl policy diff\` and approve it with \`ctl approve ${digest.slice(0, 12)}\`,`,
    );
    print('then `ctl policy promote` again makes it live');
    return;
  }
  if (entry.state === 'open') {
    if (!judged(entry, people, now()).granted)
      throw new StackError(
        `it waits: ${standText(entry, people, now())}`,
        `others approve it with \`ctl approve ${entry.digest.slice(0, 12)}\``,
      );
    await desk.execute(entry.request);
  }
  const { request, signature, approvals } = entry;
  print(`live: ${installPolicyFile(session.policyDir, { document, request, signature, approvals })}`);
}

/** Of this author, for exactly this document, and not dead: one that is carried out before one that is open. Pure. */
export function entryOf(
  entries: readonly RequestEntry[],
  { version, digest }: RequestOf<'policy'>['parameters'],
  author: string,
): PolicyEntry | undefined {
  const own = entries.filter(
    (entry): entry is PolicyEntry =>
      entry.request.type === 'policy' &&
      entry.state !== 'closed' &&
      entry.request.requester === author &&
      entry.request.parameters.version === version &&
      entry.request.parameters.digest === digest,
  );
  return own.find(({ state }) => state === 'executed') ?? own[0];
}
