/**
 * The remedies of draft-mahy-mimi-pseudonyms §5.2, in the order a moderator weighs them: whose word each takes, what ends for good and what
 * comes back, and whether it can be undone. The texts are what people read before they sign.
 */
import type { CaseAct } from './effects.js';

export interface Remedy {
  readonly name: string;
  /** Whose signatures it takes. */
  readonly takes: string;
  readonly named: string;
  readonly siblings: string;
  readonly account: string;
  readonly undo: string;
  /** What is carried out, one after the other, each by another person. */
  readonly acts: readonly CaseAct[];
}

const lastDay = 'reinstatement; it also ends by itself';
const blindUndo = 'reinstatement: the account mints again, what ended stays ended';

export const remedies: readonly Remedy[] = [
  {
    name: 'suspend for days',
    takes: 'one moderator',
    named: 'out of use for the term, then back at a time of its own',
    siblings: 'stay',
    account: 'mints nothing for the term; the registrar is not told',
    undo: lastDay,
    acts: [{ act: 'suspend', by: 'one', days: 7 }],
  },
  {
    name: 'suspend',
    takes: 'one moderator',
    named: 'ends for good',
    siblings: 'end with the expiry they have',
    account: 'mints nothing; the registrar is told in a full batch',
    undo: blindUndo,
    acts: [{ act: 'suspend', by: 'one' }],
  },
  {
    name: 'suspend and remove from all rooms',
    takes: 'two different moderators, or a decided tally',
    named: 'ends for good',
    siblings: 'end for good, each at a time of its own; hubs remove what is revoked',
    account: 'mints nothing; the registrar is told in a full batch',
    undo: blindUndo,
    acts: [
      { act: 'suspend', by: 'one' },
      { act: 'suspend', by: 'another' },
    ],
  },
  {
    name: 'the same at once',
    takes: 'an approved request of type expedite',
    named: 'ends for good, now',
    siblings: 'end for good, now: whoever sees several of them end learns that they belong together',
    account: 'mints nothing; the registrar is told in a full batch',
    undo: `${blindUndo}; what was seen together is not unseen`,
    acts: [{ act: 'expedite' }],
  },
  {
    name: 'delete',
    takes: 'an approved request of type deletion',
    named: 'ends for good',
    siblings: 'end for good, each at a time of its own',
    account: 'is deleted and cannot enrol again; the registrar is told in a full batch of deletions',
    undo: 'none',
    acts: [{ act: 'delete' }],
  },
  {
    name: 'suspend or delete, related accounts too',
    takes: 'an approved request of type related; then one of type accounts for what the registrar finds',
    named: 'ends for good',
    siblings: 'end for good, each at a time of its own',
    account: 'as by suspension or deletion; related ones the same, in a full batch',
    undo: 'of a suspension: reinstatement, account by account; of a deletion: none',
    acts: [{ act: 'remove' }],
  },
  {
    name: 'reinstate',
    takes: 'one moderator or operator',
    named: 'back when it was out of use for a term; what ended stays ended',
    siblings: 'those that are left stay',
    account: 'mints again; signals from before never suspend it again',
    undo: 'another suspension',
    acts: [{ act: 'reinstate' }],
  },
];
