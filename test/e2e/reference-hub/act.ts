/** What a moderator or an operator signs about a pseudonym. */
import { dayOf } from '#contracts';
import type { ActStatement, PseudonymUri } from '#contracts';
import { signStatement } from '../../../apps/ctl/src/command/signed.js';
import type { Stack } from '../../../apps/ctl/src/stack/stack.js';

export const signedAct = (
  { keys }: Stack,
  type: ActStatement['type'],
  uri: PseudonymUri,
  more: Pick<ActStatement, 'days'> = {},
): unknown =>
  signStatement<ActStatement>(
    type === 'suspend' ? keys.moderators[0]! : keys.operators[0]!,
    { type, uri, case: 'case-1', reason: 'seen', ...more },
    dayOf(new Date()),
  );
