/**
 * What is known of a pseudonym that an act named: that it ends for good, or is out of use for a term and comes back. It stands beside no
 * account, so it goes its own way: a reinstatement by another pseudonym of the account leaves it to its term. Pure.
 */
import { begun, isOver, longer, type Term } from './term.js';

export interface Named {
  readonly inForce: boolean;
  /** undefined: for good */
  readonly term: Term | undefined;
  /** the term is over, and it comes back at a time of its own */
  readonly ended: boolean;
}

export type NamingAct =
  | { readonly act: 'suspend'; readonly days?: number }
  /** by this very pseudonym */
  | { readonly act: 'reinstate' }
  | { readonly act: 'force' }
  | { readonly act: 'day' };

export function namedAfter(named: Named | undefined, act: NamingAct, today: number): Named | undefined {
  switch (act.act) {
    case 'suspend':
      return suspended(named?.ended ? undefined : named, act.days, today);
    case 'reinstate':
      if (!named?.term) return named; // what ended for good stays so
      return named.inForce ? { ...named, ended: true } : undefined;
    case 'force':
      return named && !named.inForce ? { ...named, inForce: true, term: named.term && begun(named.term, today) } : named;
    case 'day':
      return named?.term && isOver(named.term, today) ? { ...named, ended: true } : named;
  }
}

function suspended(named: Named | undefined, days: number | undefined, today: number): Named {
  if (!named) return { inForce: false, term: days === undefined ? undefined : { days }, ended: false };
  if (!named.term) return named;
  return { ...named, term: days === undefined ? undefined : longer(named.term, days, today) };
}
