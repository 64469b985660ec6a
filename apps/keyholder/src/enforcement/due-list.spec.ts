import { describe, expect, it } from '@jest/globals';
import { concat, readDueFrame } from '#contracts';
import { DueList, type DueFrame } from './due-list.js';

const id = (name: number) => new Uint8Array(16).fill(name);
const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');
const placesOf = ({ places }: DueFrame) => readDueFrame(concat(new Uint8Array(4), places))!.places;
const idsOf = (frame: DueFrame) => placesOf(frame).map(({ selectorId }) => hex(selectorId));
const known = (frame: DueFrame, names: number[]) => names.filter((name) => idsOf(frame).includes(hex(id(name))));
const add = (list: DueList, name: number, atMs: number, pass: number) =>
  list.show(id(name), [{ change: 'revoked', atMs, cause: 1 }], pass);

describe('what is due', () => {
  it('comes in frames of one size, padded with random bytes', () => {
    const list = new DueList();
    add(list, 1, 100, 1);
    const frame = list.frame(undefined, 100, 4);
    expect(frame.places).toHaveLength(4 * 17);
    expect(new Set(idsOf(frame)).size).toBe(4);
    expect(known(frame, [1])).toEqual([1]);
    expect(new DueList().frame(undefined, 100, 4).places).toHaveLength(4 * 17);
  });

  it('is not given before its time', () => {
    const list = new DueList();
    add(list, 1, 100, 1);
    expect(known(list.frame(undefined, 99, 4), [1])).toEqual([]);
  });

  it('is given again until it is acknowledged, and then never again', () => {
    const list = new DueList();
    add(list, 1, 100, 1);
    const first = list.frame(undefined, 100, 4);
    expect(list.frame(undefined, 200, 4)).toBe(first);
    expect(list.frame(first.number + 7, 200, 4)).toBe(first);
    const second = list.frame(first.number, 200, 4);
    expect(second.number).toBe((first.number + 1) % 2 ** 32);
    add(list, 1, 100, 2);
    expect(known(second, [1]).concat(known(list.frame(second.number, 300, 4), [1]))).toEqual([]);
  });

  it('waits when the frame is full', () => {
    const list = new DueList();
    for (let name = 1; name <= 6; name++) add(list, name, 100, 1);
    const first = list.frame(undefined, 100, 4);
    const second = list.frame(first.number, 100, 4);
    const names = [1, 2, 3, 4, 5, 6];
    expect(known(first, names)).toHaveLength(4);
    expect([...known(first, names), ...known(second, names)].sort()).toEqual(names);
  });

  it('is only what a pass has shown since the last reinstatement', () => {
    const list = new DueList();
    add(list, 1, 100, 1);
    add(list, 2, 100, 1);
    list.startOver(2);
    add(list, 2, 100, 2);
    add(list, 2, 100, 1); // a request of the old pass, late
    expect(known(list.frame(undefined, 100, 4), [1, 2])).toEqual([2]);
  });

  it('takes the later news about a selector', () => {
    const list = new DueList();
    add(list, 1, 1_000, 1);
    add(list, 1, 50, 2);
    expect(known(list.frame(undefined, 60, 1), [1])).toEqual([1]);
  });

  it('says whether a pseudonym ends, is out of use, or comes back, each once', () => {
    const list = new DueList();
    const changesOf = (frame: DueFrame) =>
      placesOf(frame)
        .filter(({ selectorId }) => hex(selectorId) === hex(id(1)))
        .map(({ change }) => change);
    list.show(id(1), [{ change: 'disabled', atMs: 50, cause: 1 }], 1);
    const out = list.frame(undefined, 100, 4);
    expect(changesOf(out)).toEqual(['disabled']);
    list.show(id(1), [{ change: 'disabled', atMs: 50, cause: 1 }], 1);
    list.show(id(1), [{ change: 'enabled', atMs: 150, cause: 2 }], 2);
    const none = list.frame(out.number, 100, 4);
    expect(changesOf(none)).toEqual([]);
    const back = list.frame(none.number, 200, 4);
    expect(changesOf(back)).toEqual(['enabled']);
    list.show(id(1), [{ change: 'disabled', atMs: 250, cause: 3 }], 3);
    expect(changesOf(list.frame(back.number, 300, 4))).toEqual(['disabled']);
  });

  it('forgets what a later pass does not confirm', () => {
    const list = new DueList();
    add(list, 1, 100, 1);
    list.show(id(1), [], 2);
    expect(known(list.frame(undefined, 200, 4), [1])).toEqual([]);
  });
});
