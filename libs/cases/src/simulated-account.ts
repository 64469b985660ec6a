/** The simulated twin: one account with the pseudonym that acts name and one sibling, and what becomes of them day by day. */
import { carryOut, type CaseAct, type CaseEffects } from './effects.js';
import { namedAfter, type Named } from './named.js';
import { standingAfter, waits, type Standing } from './standing.js';

/** What a hub sees of a pseudonym, and what its holder may do. */
export type PseudonymState = 'active' | 'disabled' | 'ends by expiry' | 'ended';

export class SimulatedAccount implements CaseEffects {
  private standingNow: Standing | undefined;
  private namedNow: Named | undefined;

  constructor(private today: number) {}

  standing(): Promise<Standing | undefined> {
    return Promise.resolve(this.standingNow);
  }

  keepStanding(standing: Standing | undefined): Promise<void> {
    this.standingNow = standing;
    return Promise.resolve();
  }

  named(): Promise<Named | undefined> {
    return Promise.resolve(this.namedNow);
  }

  keepNamed(named: Named | undefined): Promise<void> {
    this.namedNow = named;
    return Promise.resolve();
  }

  act(act: CaseAct): Promise<boolean> {
    return carryOut(act, this, this.today);
  }

  cross(): void {
    this.standingNow = standingAfter(this.standingNow, { act: 'cross' }, this.today);
  }

  back(): void {
    this.standingNow = standingAfter(this.standingNow, { act: 'back' }, this.today);
  }

  /** The force time of what waits. */
  force(): void {
    this.standingNow = standingAfter(this.standingNow, { act: 'force' }, this.today);
    this.namedNow = namedAfter(this.namedNow, { act: 'force' }, this.today);
  }

  pass(days: number): void {
    this.today += days;
    this.standingNow = standingAfter(this.standingNow, { act: 'day' }, this.today);
    this.namedNow = namedAfter(this.namedNow, { act: 'day' }, this.today);
  }

  get waits(): boolean {
    return (this.standingNow !== undefined && waits(this.standingNow)) || this.namedNow?.inForce === false;
  }

  get mayMint(): boolean {
    return !this.standingNow?.inForce;
  }

  get namedPseudonym(): PseudonymState {
    const { namedNow: named, standingNow: standing } = this;
    if (standing?.inForce && standing.kind === 'full') return 'ended';
    if (!named?.inForce) return this.sibling;
    if (!named.term) return 'ended';
    return named.ended && !standing?.inForce ? 'active' : 'disabled';
  }

  get sibling(): PseudonymState {
    const { standingNow: standing } = this;
    if (!standing?.inForce) return 'active';
    return standing.kind === 'full' ? 'ended' : standing.term ? 'active' : 'ends by expiry';
  }
}
