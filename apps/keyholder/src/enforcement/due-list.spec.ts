import { describe, expect, it } from '@jest/globals';
import { DueList } from './due-list.js';

const id = (name: number) => new Uint8Array(16).fill(name);
const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');
const idsOf = (frame: { ids: Uint8Array }) =>
  Array.from({ length: frame.ids.length / 16 }, (_, i) => hex(frame.ids.subarray(16 * i, 16 * i + 16)));
const known = (frame: { ids: Uint8Array }, names: number[]) => names.filter((name) => idsOf(frame).includes(hex(id(name))));

describe('what is due', () => {
  it('comes in frames of one size, padded with random bytes', () => {
    const list = new DueList();
    list.add(id(1), 100, 1);
    const frame = list.frame(undefined, 100, 4);
    expect(frame.ids).toHaveLength(64);
    expect(new Set(idsOf(frame)).size).toBe(4);
    expect(known(frame, [1])).toEqual([1]);
    expect(new DueList().frame(undefined, 100, 4).ids).toHaveLength(64);
  });

  it('is not given before its time', () => {
    const list = new DueList();
    list.add(id(1), 100, 1);
    expect(known(list.frame(undefined, 99, 4), [1])).toEqual([]);
  });

  it('is given again until it is acknowledged, and then never again', () => {
    const list = new DueList();
    list.add(id(1), 100, 1);
    const first = list.frame(undefined, 100, 4);
    expect(list.frame(undefined, 200, 4)).toBe(first);
    expect(list.frame(first.number + 7, 200, 4)).toBe(first);
    const second = list.frame(first.number, 200, 4);
    expect(second.number).toBe((first.number + 1) % 2 ** 32);
    list.add(id(1), 100, 2);
    expect(known(second, [1]).concat(known(list.frame(second.number, 300, 4), [1]))).toEqual([]);
  });

  it('waits when the frame is full', () => {
    const list = new DueList();
    for (let name = 1; name <= 6; name++) list.add(id(name), 100, 1);
    const first = list.frame(undefined, 100, 4);
    const second = list.frame(first.number, 100, 4);
    const names = [1, 2, 3, 4, 5, 6];
    expect(known(first, names)).toHaveLength(4);
    expect([...known(first, names), ...known(second, names)].sort()).toEqual(names);
  });

  it('is only what a pass has shown since the last reinstatement', () => {
    const list = new DueList();
    list.add(id(1), 100, 1);
    list.add(id(2), 100, 1);
    list.startOver(2);
    list.add(id(2), 100, 2);
    list.add(id(2), 100, 1); // a request of the old pass, late
    expect(known(list.frame(undefined, 100, 4), [1, 2])).toEqual([2]);
  });

  it('takes the later news about a selector', () => {
    const list = new DueList();
    list.add(id(1), 1_000, 1);
    list.add(id(1), 50, 2);
    expect(known(list.frame(undefined, 60, 1), [1])).toEqual([1]);
  });
});
