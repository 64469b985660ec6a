/**
 * Enforcement without lookup, the pseudonym side (protocol.md §7): show the key holder every selector once per force time, in random
 * order, and do what it says is due, tick by tick: end pseudonyms for good or for a term, and bring them back. nyms learns which and when,
 * never why or whose they are.
 *
 * Keeps nothing between runs of the process: a new one begins with a whole pass, and a frame that was not acknowledged comes again.
 */
import type { DueChange, DuePlace } from '#contracts';
import type { SelectorSource } from './selector-source.js';

/** State of the key holder: newest force number, and the run of the process that keeps the list of what is due in memory. */
export interface Pass {
  readonly force: number;
  readonly run: string;
}

/** The part of `KeyholderClient` that enforcement needs. */
export interface EnforcementKeyholder {
  force(): Promise<Pass>;
  /** @param frames of selectors behind each other, 256 at most */
  match(pass: Pass, frames: Uint8Array): Promise<void>;
  /** The next frame of what is due, unused places filled with random ones; given again until acknowledged. */
  due(acknowledged: number | undefined): Promise<{ readonly number: number; readonly places: readonly DuePlace[] }>;
}

/** How many pseudonyms changed. */
export type Changed = Readonly<Record<DueChange, number>>;

export interface Revocations {
  /** Changes the pseudonyms of these selectors; ids that are none are passed over. Safe to repeat. */
  apply(places: readonly DuePlace[]): Promise<Changed>;
}

export class Enforcement {
  private shown: Pass = { force: 0, run: '' };
  private acknowledged: number | undefined;

  constructor(
    private readonly keyholder: EnforcementKeyholder,
    private readonly selectors: SelectorSource,
    private readonly revocations: Revocations,
  ) {}

  /**
   * All selectors after a new force time or a restart of the key holder, else those stored since; before the first force time, none.
   * Rejects when somebody is away or `signal` aborts: then the same is shown again. @returns how many were shown
   */
  async show(signal?: AbortSignal): Promise<number> {
    const now = await this.keyholder.force();
    if (now.force === 0) return 0;
    const known = now.force === this.shown.force && now.run === this.shown.run;
    let count = 0;
    for await (const { frames, selectors } of known ? this.selectors.stored() : this.selectors.all()) {
      signal?.throwIfAborted();
      await this.keyholder.match(now, frames);
      count += selectors;
    }
    this.shown = now;
    return count;
  }

  /** Takes one frame. Rejects when somebody is away: the frame comes again. */
  async applyDue(): Promise<Changed> {
    const frame = await this.keyholder.due(this.acknowledged);
    const changed = await this.revocations.apply(frame.places);
    this.acknowledged = frame.number; // only now: a frame that was not applied comes again
    return changed;
  }
}
