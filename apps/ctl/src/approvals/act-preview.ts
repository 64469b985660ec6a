/**
 * What an act on many accounts would do, for whoever asks for it and for whoever approves it. Counts come from the key holder, which gives none of
 * few; an act on one account has nothing to show.
 */
import type { z } from 'zod';
import type { ApprovalRequest, proposalList, RequestOf, undoPreview } from '#contracts';
import type { Desk } from './desk.js';

type Count = Pick<z.output<typeof undoPreview>, 'count' | 'fewerThan'>;
type Proposals = z.output<typeof proposalList>['proposals'];

export const countText = ({ count, fewerThan }: Count): string =>
  count === undefined ? `fewer than ${fewerThan}` : count.toLocaleString('en');

export function undoText({ epoch, decided, ...count }: z.output<typeof undoPreview>): string {
  if (!decided) return `epoch ${epoch} has no decision`;
  return `the decision of epoch ${epoch} suspended ${countText(count)} accounts; undoing it lifts what is left of that: revoked pseudonyms stay revoked, moderators' suspensions stay`;
}

/** Handles stand in the request itself, all of them; of a proposal only its digest does. */
export function accountsText({ parameters }: RequestOf<'accounts'>, proposals: Proposals): string {
  if ('handles' in parameters) return `accounts: ${parameters.handles.length} by handle, in force in a full release batch`;
  const found = proposals.find(({ proposal }) => proposal === parameters.proposal);
  return found
    ? `accounts: ${countText(found)} of batch ${found.batch}, in force in a full release batch`
    : 'the key holder has no such proposal, or it was carried out';
}

/** @returns undefined for what has none */
export async function actPreview(
  request: ApprovalRequest,
  desk: Pick<Desk, 'undoPreview' | 'proposals'>,
): Promise<string | undefined> {
  if (request.type === 'undo-decision') return undoText(await desk.undoPreview(request.parameters.epoch));
  if (request.type !== 'accounts') return undefined;
  return accountsText(request, 'handles' in request.parameters ? [] : (await desk.proposals()).proposals);
}
