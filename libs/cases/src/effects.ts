/**
 * Carrying an act out: read the account's standing, apply the rules, keep what comes out. The live twin writes the key holder's tables, the
 * simulated one an account that nobody has; the rules are the same for both.
 */
import { namedAfter, type Named, type NamingAct } from './named.js';
import { standingAfter, type Standing, type StandingAct } from './standing.js';

/** Of the account behind a pseudonym, and of that pseudonym. */
export interface CaseEffects {
  standing(): Promise<Standing | undefined>;
  keepStanding(standing: Standing | undefined): Promise<void>;
  named(): Promise<Named | undefined>;
  keepNamed(named: Named | undefined): Promise<void>;
}

/** What a person does to the account behind a pseudonym. */
export type CaseAct = Extract<StandingAct, { act: 'suspend' | 'remove' | 'expedite' | 'delete' | 'reinstate' }>;

/** What an act means for the pseudonym that it names; nothing where all of the account's end alike, or the act has no effect. */
function namingOf(act: CaseAct, before: Standing | undefined): NamingAct | undefined {
  if (act.act === 'expedite' || (act.act === 'reinstate' && before?.final)) return undefined;
  return act.act === 'suspend' || act.act === 'reinstate' ? act : { act: 'suspend' };
}

/** @returns whether the account's standing is another now: nobody outside is told */
export async function carryOut(act: CaseAct, effects: CaseEffects, today: number): Promise<boolean> {
  const before = await effects.standing();
  const naming = namingOf(act, before);
  if (naming) await effects.keepNamed(namedAfter(await effects.named(), naming, today));
  const after = standingAfter(before, act, today);
  if (after === before) return false;
  await effects.keepStanding(after);
  return true;
}
