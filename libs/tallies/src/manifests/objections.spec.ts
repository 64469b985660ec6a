import { describe, expect, it } from '@jest/globals';
import { toText } from '../digest.js';
import { objectionList, Objections, objectionsMessage, objectionTo } from './objections.js';

const decisionHash = new Uint8Array(32).fill(3);
const entry = { hub: 'https://a.example', jti: 'j 1', setHash: new Uint8Array(32) };

describe('objections', () => {
  it('take a SET away, or a decision on it, never both', () => {
    const toSet = new Objections([{ epoch: 1, witness: 'w', list: [objectionTo(entry, 'unverified')] }]);
    expect([toSet.toSet(entry.hub, entry.jti), toSet.toDecision(decisionHash)]).toEqual([true, false]);
    const toDecision = new Objections([{ epoch: 1, witness: 'w', list: [objectionTo({ ...entry, decisionHash }, 'decision')] }]);
    expect([toDecision.toSet(entry.hub, entry.jti), toDecision.toDecision(decisionHash)]).toEqual([false, true]);
  });

  it('name a SET by hub and jti together', () => {
    const objections = new Objections([{ epoch: 1, witness: 'w', list: [{ hub: 'https://a', jti: 'b c', reason: 'missing' }] }]);
    expect([objections.toSet('https://a b', 'c'), objections.toSet('https://a', 'b c')]).toEqual([false, true]);
  });

  it('have one digest for a window, whatever order the lists came in', () => {
    const lists = [
      { epoch: 1, witness: 'a', list: [] },
      { epoch: 1, witness: 'b', list: [objectionTo(entry, 'missing')] },
      { epoch: 2, witness: 'a', list: [] },
    ];
    const digest = toText(new Objections(lists).digest);
    expect(toText(new Objections(lists.toReversed()).digest)).toBe(digest);
    for (const other of [lists.slice(1), lists.slice(0, 2), lists.with(0, { epoch: 1, witness: 'c', list: [] })]) {
      expect(toText(new Objections(other).digest)).not.toBe(digest);
    }
  });

  it('survive the way through JSON, and are signed with their epoch', () => {
    const list = [objectionTo(entry, 'altered'), objectionTo({ ...entry, decisionHash }, 'decision')];
    expect(objectionList.parse(JSON.parse(JSON.stringify(list)))).toEqual(list);
    expect(objectionsMessage(1, list)).not.toEqual(objectionsMessage(2, list));
    expect(objectionList.safeParse([{ ...list[0], reason: 'other' }]).success).toBe(false);
  });
});
