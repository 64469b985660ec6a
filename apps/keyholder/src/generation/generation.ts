/** The generation that this process runs in, and what waits in it: asked before anything is given out or decided. */
import { Problem } from '#contracts';

export interface GenerationState {
  readonly number: number;
  /** day it was opened; 0 in the first */
  readonly day: number;
  /** people have not yet named the last decided epoch */
  readonly isUnnamed: boolean;
}

export class Generation {
  readonly number: number;
  readonly day: number;
  private unnamed: boolean;
  private confirmed = false;

  constructor({ number, day, isUnnamed }: GenerationState) {
    this.number = number;
    this.day = day;
    this.unnamed = isUnnamed;
  }

  get isUnnamed(): boolean {
    return this.unnamed;
  }

  /** Was it issued, or signed, before this generation or on the day that it was opened? Such a thing may have been used already. */
  isOfBefore(day: number): boolean {
    return this.number > 1 && day <= this.day;
  }

  /** People have named the last decided epoch, and that is committed. */
  name(): void {
    this.unnamed = false;
  }

  /** The log witnesses have seen nothing later than what there is. */
  confirm(): void {
    this.confirmed = true;
  }

  /** @throws Problem restore-unfinished */
  requireNamed(): void {
    if (this.unnamed) throw new Problem('restore-unfinished', { retryAfterMs: 60_000 });
  }

  /** Before anything is given out. @throws Problem restore-unfinished, or log-unavailable before it is known that this is the latest state */
  requireSettled(): void {
    this.requireNamed();
    if (!this.confirmed) throw new Problem('log-unavailable', { retryAfterMs: 1_000 });
  }
}
