/**
 * What a standing is, and what each act makes of it (protocol.md §6, §7): the one state machine of an account's suspension. Who it is about
 * is not known here. What lasts longer wins: a term gives way to a suspension for good, and a deletion to nothing. Pure.
 */
import { begun, isOver, longer, type Term } from './term.js';

export interface Standing {
  /** full: every pseudonym ends. blind: the named one ends, its siblings by their expiry. A term is always blind. */
  readonly kind: 'full' | 'blind';
  readonly inForce: boolean;
  /** blind, in force, and full from the next force time on */
  readonly backed: boolean;
  /** nothing ends it: the account is deleted */
  readonly final: boolean;
  /** its selectors end with the force time, none at a time of its own */
  readonly atOnce: boolean;
  /** mark of the moderator who acted first; one who acts for a term only leaves none */
  readonly by: string | undefined;
  /** undefined: for good */
  readonly term: Term | undefined;
}

export type StandingAct =
  /** a moderator's word; without `days` for good */
  | { readonly act: 'suspend'; readonly by: string; readonly days?: number }
  /** a decided tally: the account crosses */
  | { readonly act: 'cross' }
  /** signals of more operators than are trimmed */
  | { readonly act: 'back' }
  /** approved: all its pseudonyms, now */
  | { readonly act: 'expedite' }
  /** approved: all its pseudonyms, each at a time of its own */
  | { readonly act: 'remove' }
  /** approved */
  | { readonly act: 'delete' }
  | { readonly act: 'reinstate' }
  /** the force time of what waits has come */
  | { readonly act: 'force' }
  /** a day has begun */
  | { readonly act: 'day' };

const made = {
  kind: 'blind',
  inForce: false,
  backed: false,
  final: false,
  atOnce: false,
  by: undefined,
  term: undefined,
} as const;

/** Does the next force time change it? */
export const waits = ({ inForce, backed }: Standing): boolean => !inForce || backed;

export function standingAfter(standing: Standing | undefined, act: StandingAct, today: number): Standing | undefined {
  switch (act.act) {
    case 'suspend':
      return act.days === undefined ? suspended(standing, act.by) : suspendedFor(standing, act.days, today);
    case 'cross':
    case 'remove':
      return standing ? backed(forGood(standing)) : { ...made, kind: 'full' };
    case 'back':
      return standing?.term ? standing : standing && backed(standing);
    case 'expedite':
      return { ...forGood(standing ?? made), kind: 'full', inForce: true, backed: false, atOnce: true };
    case 'delete':
      return { ...(standing ? backed(forGood(standing)) : { ...made, kind: 'full' }), final: true };
    case 'reinstate':
      return standing?.final ? standing : undefined;
    case 'force':
      return standing && inForce(standing, today);
    case 'day':
      return standing?.term && isOver(standing.term, today) ? undefined : standing;
  }
}

const forGood = (standing: Standing): Standing => ({ ...standing, term: undefined });

/** A second moderator backs the first one's; beside any other it is noted, so that it holds when that is undone. */
function suspended(standing: Standing | undefined, by: string): Standing {
  if (!standing) return { ...made, by };
  if (standing.term) return { ...forGood(standing), by };
  if (standing.kind === 'full' || standing.by === undefined) return { ...standing, by: standing.by ?? by };
  return standing.by === by ? standing : backed(standing);
}

function suspendedFor(standing: Standing | undefined, days: number, today: number): Standing {
  if (!standing) return { ...made, term: { days } };
  return standing.term ? { ...standing, term: longer(standing.term, days, today) } : standing;
}

function backed(standing: Standing): Standing {
  if (standing.kind === 'full' || standing.backed) return standing;
  return standing.inForce ? { ...standing, backed: true } : { ...standing, kind: 'full' };
}

function inForce(standing: Standing, today: number): Standing {
  if (!waits(standing)) return standing;
  const term = standing.term && begun(standing.term, today);
  return { ...standing, kind: standing.backed ? 'full' : standing.kind, inForce: true, backed: false, term };
}
