/**
 * Enforcement without lookup, the pseudonym side (protocol.md §7): show the key holder every selector once per force time, in random
 * order, and revoke what it says is due, tick by tick. nyms learns which pseudonyms end and when, never why or whose they are.
 */
import type { SelectorSource } from './selector-source.js';

/** The part of `KeyholderClient` that enforcement needs. */
export interface EnforcementKeyholder {
  /** Newest force number, and the run of the process that keeps the list of what is due in memory. */
  force(): Promise<{ readonly force: number; readonly run: string }>;
  /** @param frames of selectors behind each other, 256 at most */
  match(pass: { readonly force: number; readonly run: string }, frames: Uint8Array): Promise<void>;
  /** The next frame of due selector ids, unused places filled with random ones; given again until acknowledged. */
  due(acknowledged: number | undefined): Promise<{ readonly number: number; readonly selectorIds: readonly Uint8Array[] }>;
}

export interface Revocations {
  /** Revokes the pseudonyms of these selectors; ids that are none are passed over. Safe to repeat. Returns how many changed. */
  revoke(selectorIds: readonly Uint8Array[]): Promise<number>;
}

export class Enforcement {
  private shown = { force: 0, run: '' };
  private acknowledged: number | undefined;

  constructor(
    private readonly keyholder: EnforcementKeyholder,
    private readonly selectors: SelectorSource,
    private readonly revocations: Revocations,
  ) {}

  /** One tick. Returns how many selectors were shown and how many pseudonyms were revoked. Rejects when somebody is away: nothing is lost. */
  async tick(): Promise<{ readonly shown: number; readonly revoked: number }> {
    const now = await this.keyholder.force();
    const shown = await this.show(now);
    const frame = await this.keyholder.due(this.acknowledged);
    const revoked = await this.revocations.revoke(frame.selectorIds);
    this.acknowledged = frame.number; // only now: a frame that was not revoked comes again
    return { shown, revoked };
  }

  /** All selectors after a new force time or a restart of the key holder, else those stored since. Before the first force time, none. */
  private async show(now: { readonly force: number; readonly run: string }): Promise<number> {
    if (now.force === 0) return 0;
    const known = now.force === this.shown.force && now.run === this.shown.run;
    let count = 0;
    for await (const { frames, selectors } of known ? this.selectors.stored() : this.selectors.all()) {
      await this.keyholder.match(now, frames);
      count += selectors;
    }
    this.shown = now;
    return count;
  }
}
