/**
 * A request as an approver reads it before signing: every member, the parameters whole, and the digest computed from what is shown. Nothing
 * is shortened, and no character can move what stands elsewhere on the screen. Pure.
 */
import { toBase64Url } from '#contracts';
import type { ApprovalRequest, RequestType } from '#contracts';
import { requestDigest } from './messages.js';
import type { People } from '../people/people.js';

const acts: Readonly<Record<RequestType, string>> = {
  people: 'replace the registry of people by the one below',
  policy: 'make the policy of the version and digest below live',
  'policy-shadow': 'count beside the live policy what the numbers below would do, with no effect on anybody',
  witnesses: 'replace the pinned correlators and witnesses by those below',
  unfreeze: 'let decisions go on after a freeze',
  'break-glass': 'tell the requester which account is behind the pseudonym below',
  deletion: 'suspend for good and delete the account behind the pseudonym below',
  expedite:
    'suspend the account behind the pseudonym below and end all its pseudonyms at once, so that whoever sees several of them end learns that they belong together',
  related:
    'suspend or delete the account behind the pseudonym below, and have the registrar look for related accounts; those take another request',
  accounts: 'suspend or delete the accounts below, in a full release batch',
  'undo-decision': 'lift every standing that the decision of the epoch below made',
  restore: 'let the restored key holder mint and decide again, after the epoch below',
  'key-rotation': 'begin a new key epoch: a new secret of the scheme, and a new key that signs selectors',
};

/** What takes it back, or that nothing does: read before it is signed. */
const undone: Readonly<Record<RequestType, string>> = {
  people: 'by another request of this type',
  policy: 'by a later version; what was decided under it stays',
  'policy-shadow': 'by another one, which takes its place',
  witnesses: 'by another request of this type',
  unfreeze: 'by nothing: what is decided then stays',
  'break-glass': 'by nothing: who has read it knows it',
  deletion: 'by nothing',
  expedite: 'by a reinstatement: the account mints again, what ended stays ended, and what was seen together is not unseen',
  related: 'a suspension by a reinstatement, what ended stays ended; a deletion by nothing',
  accounts: 'a suspension by reinstatements, account by account, what ended stays ended; a deletion by nothing',
  'undo-decision': 'by suspending again, account by account',
  restore: 'by nothing',
  'key-rotation': 'by nothing; another one begins one more key epoch',
};

/** JSON escapes control characters; this does the same to what is invisible or turns the direction of text. */
const visible = (text: string): string =>
  text.replace(/[\p{C}\p{Zl}\p{Zp}]/gu, (character) =>
    character === '\n' ? character : `\\u{${character.codePointAt(0)?.toString(16)}}`,
  );

export const digestOf = (request: ApprovalRequest): string => toBase64Url(requestDigest(request));

/** Lines without a trailing newline. */
export function requestText(request: ApprovalRequest, people: People): string {
  const { type, requester, id, reason, case: caseId, expiresAt, output, parameters } = request;
  const { role, approvals } = people.ruleOf(type);
  const rows: readonly (readonly [string, string])[] = [
    ['request', digestOf(request)],
    ['type', `${type}: ${acts[type]}`],
    ['requester', `${requester} (${people.person(requester)?.roles.join(', ') ?? 'nobody the registry knows'})`],
    ['case', caseId],
    ['reason', reason],
    ['expires', expiresAt],
    ['output', `${output}, to ${requester} only`],
    ['undone', undone[type]],
    ['needs', `${approvals} approvals of role ${role}, not the requester’s`],
    ['people', request.people === people.digest ? `version ${people.version}` : 'another registry than the present one'],
    ...(request.generation === undefined ? [] : [['generation', String(request.generation)] as const]),
    ['id', id],
  ];
  const lines = rows.map(([name, value]) => `${name.padEnd(10)} ${visible(value)}`);
  return [...lines, 'parameters', visible(JSON.stringify(parameters, undefined, 2))].join('\n');
}
