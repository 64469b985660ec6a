import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { Repeated } from './repeated.js';

const gate = () => {
  let open: () => void = () => undefined;
  const opened = new Promise<void>((resolve) => (open = resolve));
  return { opened, open };
};

describe('work that comes round', () => {
  it('runs again and again, and not after it was stopped', async () => {
    let runs = 0;
    const repeated = new Repeated(
      async () => (runs += 1),
      () => undefined,
    );
    repeated.start(2);
    expect(runs).toBe(0);
    while (runs < 3) await sleep(1);
    await repeated.stop();
    const atStop = runs;
    await sleep(20);
    expect(runs).toBe(atStop);
  });

  it('never runs beside itself, however slow a run is', async () => {
    let runs = 0;
    const { opened, open } = gate();
    const repeated = new Repeated(
      () => ((runs += 1), opened),
      () => undefined,
    );
    repeated.start(1);
    await sleep(20);
    const both = [repeated.now(), repeated.now(), repeated.stop()];
    expect(runs).toBe(1);
    open();
    await Promise.all(both);
    expect(runs).toBe(1);
    await repeated.now();
    expect(runs).toBe(2);
  });

  it('tells of a failure and tries again', async () => {
    const told: unknown[] = [];
    const outcomes = [new Error('first'), undefined];
    const repeated = new Repeated(
      () => {
        const error = outcomes.shift();
        return error ? Promise.reject(error) : Promise.resolve();
      },
      (error) => told.push(error),
    );
    await repeated.now();
    await repeated.now();
    expect(told).toEqual([new Error('first')]);
    expect(outcomes).toEqual([]);
  });

  it('is not stopped before the run that is under way has ended', async () => {
    const { opened, open } = gate();
    const ends: string[] = [];
    const repeated = new Repeated(
      () => opened.then(() => void ends.push('run')),
      () => undefined,
    );
    void repeated.now();
    const stopped = repeated.stop().then(() => ends.push('stop'));
    open();
    await stopped;
    expect(ends).toEqual(['run', 'stop']);
  });
});
