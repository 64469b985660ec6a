import { describe, expect, it } from '@jest/globals';
import { releasePlan, type ReleaseFacts } from './release-plan.js';

const rules = { batch: 3, maxDelaySeconds: 72 * 3_600, minAgeDays: 30 };
const today = 1_000;
const account = (age: number, name = age) => ({ handle: Uint8Array.of(name), enrolledDay: today - age });
const nothing = { suspend: [], reinstate: [], remove: [], force: false, orders: false, relatedSuspend: [], relatedDelete: [] };
const plan = (facts: Partial<ReleaseFacts>, more: Partial<typeof rules> = {}) =>
  releasePlan(
    { today, unnamed: [], reinstated: [], deleted: [], related: [], hasOrders: false, waitingSince: today, ...facts },
    { ...rules, ...more },
  );

describe('release of standings', () => {
  it('waits for a full batch', () => {
    expect(plan({ unnamed: [account(40, 1), account(50, 2)] })).toEqual(nothing);
  });

  it('names all that wait once enough accounts are old enough; younger ones ride along and do not count', () => {
    const young = [account(1, 7), account(29, 8)];
    expect(plan({ unnamed: [account(30, 1), account(50, 2), ...young] }).suspend).toEqual([]);
    const full = plan({ unnamed: [account(30, 1), account(50, 2), account(60, 3), ...young] });
    expect(full.force).toBe(true);
    expect(full.suspend.map(([name]) => name).sort()).toEqual([1, 2, 3, 7, 8]);
  });

  it('names in random order', () => {
    const unnamed = Array.from({ length: 40 }, (_, i) => account(40, i));
    const orders = [1, 2].map(() =>
      plan({ unnamed })
        .suspend.map(([name]) => name)
        .join(),
    );
    expect(orders[0]).not.toBe(orders[1]); // equal once in 40! runs
  });

  it('starts the pseudonym side alone when a batch does not fill in time', () => {
    const unnamed = [account(40)];
    expect(plan({ unnamed, waitingSince: today - 2 }).force).toBe(false);
    expect(plan({ unnamed, waitingSince: today - 3 })).toEqual({ ...nothing, force: true });
  });

  it('still fills a batch with those that came in force unnamed', () => {
    const unnamed = [account(40, 1), account(40, 2), account(40, 3)];
    expect(plan({ unnamed, waitingSince: undefined })).toMatchObject({ force: false, suspend: [{}, {}, {}] });
  });

  it('names reinstated accounts in full batches too', () => {
    const handles = [1, 2, 3].map((name) => Uint8Array.of(name));
    expect(plan({ reinstated: handles.slice(1), waitingSince: undefined }).reinstate).toEqual([]);
    expect(plan({ reinstated: handles, waitingSince: undefined }).reinstate).toHaveLength(3);
  });

  it('names deleted accounts in full batches of their own', () => {
    const handles = [1, 2, 3].map((name) => Uint8Array.of(name));
    expect(plan({ deleted: handles.slice(1), reinstated: handles.slice(0, 1), waitingSince: undefined }).remove).toEqual([]);
    expect(plan({ deleted: handles, waitingSince: undefined })).toMatchObject({
      remove: [{}, {}, {}],
      suspend: [],
      reinstate: [],
    });
  });

  it('does not wait when the policy allows less than a day', () => {
    expect(plan({ unnamed: [account(40)] }, { maxDelaySeconds: 86_399 }).force).toBe(true);
    expect(plan({ waitingSince: undefined }, { maxDelaySeconds: 0 }).force).toBe(false);
  });

  it('starts approved acts on accounts by handle in a full batch only, whatever delay there is', () => {
    const [one, two, three] = [account(40, 1), account(40, 2), account(40, 3)];
    const late = { hasOrders: true, waitingSince: today - 30 };
    expect(plan({ ...late, unnamed: [one, two] })).toMatchObject({ orders: false, suspend: [] });
    expect(plan({ ...late, unnamed: [one, two, three], waitingSince: undefined })).toMatchObject({ orders: true, force: true });
  });

  it('marks accounts whose related ones are looked for among those it names, also some that it names again', () => {
    const unnamed = [account(40, 1), account(40, 2), account(40, 3)];
    const related = [
      { handle: Uint8Array.of(2), remedy: 'suspend' as const },
      { handle: Uint8Array.of(9), remedy: 'delete' as const },
    ];
    expect(plan({ unnamed: unnamed.slice(1), related })).toEqual(nothing);
    const full = plan({ unnamed, related });
    expect(full.suspend.map(([name]) => name).sort()).toEqual([1, 2, 3, 9]);
    expect([full.relatedSuspend, full.relatedDelete]).toEqual([[Uint8Array.of(2)], [Uint8Array.of(9)]]);
  });
});
