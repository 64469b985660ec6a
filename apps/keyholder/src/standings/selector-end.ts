/**
 * When a selector ends by a standing in force, and what becomes of a named pseudonym when its term is over (protocol.md §7): match, renewal,
 * credential refusal and status change at this time and not before. Pure.
 */
import { DAY_MS, dayOf, PERIOD_DAYS, periodOf, type DueChange } from '#contracts';
import { dueAtMs, type Revocation } from '../enforcement/due-time.js';
import type { Prf } from '../keys/prf.js';
import type { HeldSelector, SelectorEnd } from '../minting/standing-check.js';
import type { NamedInForce, StandingInForce } from './standings.repository.js';

export interface EndRules {
  readonly prf: Prf;
  readonly revocation: Revocation;
}

type Ending = Pick<HeldSelector, 'selectorId' | 'period' | 'expiryDay'>;

/** What happens to a selector's pseudonym, when, and the force number that it comes from. */
export interface SelectorChange {
  readonly change: DueChange;
  readonly atMs: number;
  readonly cause: number;
}

/**
 * From when on a renewal is refused; undefined while no standing in force ends it.
 * @param named of this very pseudonym, if an act on it came in force
 */
export function selectorEnd(
  selector: Ending,
  standing: StandingInForce,
  named: NamedInForce | undefined,
  rules: EndRules,
): SelectorEnd | undefined {
  const { untilDay } = standing;
  const own = ownEndMs(selector, standing, rules);
  const outlived = untilDay !== null && own >= untilDay * DAY_MS; // by then the term is over
  const end = Math.min(outlived ? Infinity : own, named && !named.ended ? named.at.getTime() : Infinity);
  return end === Infinity ? undefined : { at: new Date(end), blind: standing.kind === 'blind' };
}

/** What the match tells of it. @param standing of its account, in force */
export function selectorChanges(
  selector: Ending,
  standing: StandingInForce | undefined,
  named: NamedInForce | undefined,
  rules: EndRules,
): SelectorChange[] {
  if (!standing) return named?.ended ? [comingBack(selector, named.ended, rules)] : [];
  const changes: SelectorChange[] = [];
  if (standing.untilDay === null) {
    const namedAt = named && named.untilDay === null ? named.at.getTime() : Infinity;
    const atMs = Math.min(ownEndMs(selector, standing, rules), namedAt);
    changes.push({ change: 'revoked', atMs, cause: standing.force });
  }
  // while the account is suspended it does not come back
  if (named && named.untilDay !== null && !named.ended)
    changes.push({ change: 'disabled', atMs: named.at.getTime(), cause: named.force });
  return changes;
}

function comingBack({ selectorId }: Ending, { force, at }: NonNullable<NamedInForce['ended']>, rules: EndRules): SelectorChange {
  const atMs = dueAtMs(rules.prf, selectorId, force, at.getTime(), rules.revocation);
  return { change: 'enabled', atMs, cause: force };
}

function ownEndMs(
  { selectorId, period, expiryDay }: Ending,
  { kind, force, at, atOnce }: StandingInForce,
  { prf, revocation }: EndRules,
): number {
  if (kind === 'blind') return siblingEndMs(at, period, expiryDay);
  return atOnce ? at.getTime() : dueAtMs(prf, selectorId, force, at.getTime(), revocation);
}

/**
 * Siblings of a blindly suspended pseudonym end with the expiry they had in the period of the force time, so that their renewals begin to
 * fail each at a time of its own. One that was renewed before the force time, in the last third of that period, ends a period early.
 */
function siblingEndMs(forceAt: Date, period: number, expiryDay: number): number {
  const renewals = Math.max(0, period - periodOf(dayOf(forceAt)));
  return (expiryDay - PERIOD_DAYS * renewals) * DAY_MS;
}
