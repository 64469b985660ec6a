import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { EnforcementTicker } from './enforcement-ticker.js';

describe('the enforcement ticker', () => {
  let frames: number;
  let looks: number;
  let events: string[];
  let isAway: boolean;
  let ticker: EnforcementTicker;
  let release: (() => void) | undefined;

  beforeEach(() => {
    jest.useFakeTimers();
    [frames, looks, events, isAway, release] = [0, 0, [], false, undefined];
  });
  afterEach(async () => {
    release?.();
    await ticker.beforeApplicationShutdown();
    jest.useRealTimers();
  });

  function start(pauseMs: number, show: () => Promise<number> = async () => 0): void {
    ticker = new EnforcementTicker(
      {
        async show() {
          looks += 1;
          return show();
        },
        async applyDue() {
          if (isAway) throw new Error('away');
          frames += 1;
          return { revoked: 0, disabled: 0, enabled: 0 };
        },
      },
      { revoked: () => undefined },
      { emit: (name) => void events.push(name) },
      () => pauseMs,
    );
    ticker.onApplicationBootstrap();
  }
  const pass = (ms: number) => jest.advanceTimersByTimeAsync(ms);

  it('takes a frame at once and then one a tick', async () => {
    start(1_000);
    await pass(0);
    expect(frames).toBe(1);
    await pass(5_000);
    expect(frames).toBe(6);
  });

  it('looks every ten seconds at least, however long the tick', async () => {
    start(3_600_000);
    await pass(60_000);
    expect([frames, looks]).toEqual([1, 7]);
  });

  it('goes on with frames while a pass takes its time', async () => {
    start(1_000, () => new Promise((resolve) => (release = () => resolve(1))));
    await pass(10_000);
    expect([looks, frames]).toEqual([1, 11]);
  });

  it('says once that it fails and once that it works again, and tries again soon', async () => {
    isAway = true;
    start(3_600_000);
    await pass(30_000);
    isAway = false;
    await pass(10_000);
    expect([events, frames]).toEqual([['enforcement-stopped', 'enforcement-resumed'], 1]);
  });

  it('ends with the process', async () => {
    start(1_000);
    await pass(0);
    await ticker.beforeApplicationShutdown();
    await pass(60_000);
    expect(frames).toBe(1);
  });
});
