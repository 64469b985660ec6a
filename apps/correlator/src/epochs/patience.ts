/**
 * How long a tree may wait for its witnesses and the key holder before it is made again: several times what the tally took here, and
 * twice as long after every try. In memory only: a restart begins afresh, which costs one tally.
 */
import type { Side } from '#contracts';

const leastMs = 15_000;
const mostMs = 15 * 60_000;
const times = 5;

interface Wait {
  readonly epoch: number;
  readonly untilMs: number;
  readonly lengthMs: number;
}

export class Patience {
  readonly #waits = new Map<Side, Wait>();

  constructor(private readonly nowMs: () => number = () => performance.now()) {}

  /** A tree was stored. @param tookMs what the tally took. */
  begin(side: Side, epoch: number, tookMs: number): void {
    const before = this.#waits.get(side);
    const again = before?.epoch === epoch ? 2 * before.lengthMs : 0;
    const lengthMs = Math.min(mostMs, Math.max(leastMs, times * tookMs, again));
    this.#waits.set(side, { epoch, lengthMs, untilMs: this.nowMs() + lengthMs });
  }

  /** Nothing more will come of this tree, also when it is from before a restart: a newer epoch need not wait for it. */
  end(side: Side, epoch: number): void {
    const wait = this.#waits.get(side) ?? { epoch, lengthMs: leastMs };
    if (wait.epoch <= epoch) this.#waits.set(side, { ...wait, epoch, untilMs: this.nowMs() });
  }

  /** Should this tree still be waited for? One from before a restart gets a first wait. */
  isLeft(side: Side, epoch: number): boolean {
    if (this.#waits.get(side)?.epoch !== epoch) this.begin(side, epoch, 0);
    return this.nowMs() < (this.#waits.get(side) as Wait).untilMs;
  }
}
