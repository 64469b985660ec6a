/** Which slots of one cohort are taken. Gives free ones at random, never in turn. */
import { randomInt } from 'node:crypto';

export class SlotMap {
  private readonly taken: Uint8Array;
  free: number;

  constructor(readonly slots: number) {
    this.taken = new Uint8Array(slots);
    this.free = slots;
  }

  /** Slots beyond those in use (a smaller setting than before) are left alone. */
  take(slot: number): void {
    if (slot >= this.slots || this.taken[slot]) return;
    this.taken[slot] = 1;
    this.free -= 1;
  }

  release(slot: number): void {
    if (slot >= this.slots || !this.taken[slot]) return;
    this.taken[slot] = 0;
    this.free += 1;
  }

  /** @throws RangeError when none is free: cohorts close before that. */
  takeFree(): number {
    if (this.free === 0) throw new RangeError('no free slot');
    let slot = randomInt(this.slots);
    while (this.taken[slot]) slot = randomInt(this.slots);
    this.take(slot);
    return slot;
  }
}
