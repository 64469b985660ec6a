/**
 * When a selector ends by a standing in force (protocol.md §7): match, renewal, credential refusal and status change at this time and not
 * before. Pure.
 */
import { DAY_MS, dayOf, PERIOD_DAYS, periodOf } from '#contracts';
import { dueAtMs, type Revocation } from '../enforcement/due-time.js';
import type { Prf } from '../keys/prf.js';
import type { HeldSelector, SelectorEnd } from '../minting/standing-check.js';
import type { StandingInForce } from './standings.repository.js';

export interface EndRules {
  readonly prf: Prf;
  readonly revocation: Revocation;
}

/** @param namedAt when a blind act on this very pseudonym came in force, if one did */
export function selectorEnd(
  { selectorId, period, expiryDay }: Pick<HeldSelector, 'selectorId' | 'period' | 'expiryDay'>,
  { kind, force, at }: StandingInForce,
  namedAt: Date | undefined,
  { prf, revocation }: EndRules,
): SelectorEnd {
  const blind = kind === 'blind';
  const own = blind ? siblingEndMs(at, period, expiryDay) : dueAtMs(prf, selectorId, force, at.getTime(), revocation);
  return { at: new Date(Math.min(own, namedAt?.getTime() ?? Infinity)), blind };
}

/**
 * Siblings of a blindly suspended pseudonym end with the expiry they had in the period of the force time, so that their renewals begin to
 * fail each at a time of its own. One that was renewed before the force time, in the last third of that period, ends a period early.
 */
function siblingEndMs(forceAt: Date, period: number, expiryDay: number): number {
  const renewals = Math.max(0, period - periodOf(dayOf(forceAt)));
  return (expiryDay - PERIOD_DAYS * renewals) * DAY_MS;
}
