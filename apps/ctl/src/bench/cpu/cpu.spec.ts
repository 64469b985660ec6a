import { describe, expect, it } from '@jest/globals';
import { clusterSeconds, cpuBetween, perItem, totalOf } from './cpu-meter.js';
import { parseStat } from './proc-stat.js';

const stat = (pid: number, name: string, parent: number, times: readonly [number, number, number, number]) =>
  `${pid} (${name}) S ${parent} 1 1 0 -1 4194304 100 0 0 0 ${times.join(' ')} 20 0 11 0 12345 1000 200`;

describe('CPU time', () => {
  it('is read in seconds, whatever the process is called', () => {
    expect(parseStat(stat(42, 'a ) b (c', 7, [150, 50, 1_000, 23]))).toEqual({
      pid: 42,
      parent: 7,
      seconds: 2,
      childrenSeconds: 10.23,
    });
  });

  it('of a cluster has its live backends and the ended ones', () => {
    const processes = [
      stat(10, 'postgres', 1, [100, 0, 500, 0]),
      stat(11, 'postgres: backend', 10, [200, 100, 0, 0]),
      stat(12, 'postgres: of another', 9, [900, 0, 0, 0]),
    ].map(parseStat);
    expect(clusterSeconds(processes, 10)).toBe(1 + 5 + 3);
  });

  it('in between is a difference, and is told by item', () => {
    const used = cpuBetween(
      new Map([
        ['nyms', 1],
        ['idle', 5],
      ]),
      new Map([
        ['nyms', 3],
        ['idle', 5],
        ['new', 0.5],
      ]),
    );
    expect(totalOf(used)).toBe(2.5);
    expect(perItem(used, 1_000)).toBe('nyms 2.00, new 0.50');
  });
});
