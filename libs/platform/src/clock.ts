/**
 * Time as an injected thing: rules take a day or a date, services ask the clock, tests bring their own.
 */
import { dayOf, DAY_MS } from '#contracts';
import { int, refusedInProduction } from './config/field.js';

/** Injection token and interface. */
export abstract class Clock {
  abstract now(): Date;

  /** Days since 1970-01-01, UTC. */
  today(): number {
    return dayOf(this.now());
  }
}

/** The machine's clock, moved by a whole number of days when a test wants another calendar day. */
export class SystemClock extends Clock {
  constructor(private readonly offsetDays = 0) {
    super();
  }

  now(): Date {
    return new Date(Date.now() + this.offsetDays * DAY_MS);
  }
}

/** A clock that stands still until it is told to move. */
export class FixedClock extends Clock {
  private time: number;

  constructor(start: Date | string) {
    super();
    this.time = new Date(start).getTime();
    if (Number.isNaN(this.time)) throw new RangeError('not a date');
  }

  now(): Date {
    return new Date(this.time);
  }

  advanceMs(ms: number): void {
    this.time += ms;
  }

  advanceDays(days: number): void {
    this.time += days * DAY_MS;
  }
}

/** The setting behind `new SystemClock(offset)`: a process whose calendar is moved must not run in production. */
export const clockOffsetDays = refusedInProduction(
  int(0, 'for tests: days added to the clock', { min: -36_500, max: 36_500 }),
  (days) => (days === 0 ? undefined : 'must be 0'),
);
