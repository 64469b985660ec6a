import { describe, expect, it } from '@jest/globals';
import type { HubEntry, PolicyDocument } from '#contracts';
import { defaultPolicy } from '#policy';
import { diffLine, policyDiff } from './policy-diff.js';

const hub = (id: string, trust: number): HubEntry => ({
  id,
  operator: 'acme',
  trust,
  since: '2026-01-01',
  status: 'active',
  keys: [],
  revokedKids: [],
});
const before = defaultPolicy({
  domain: 'p.example',
  audience: 'https://p.example',
  hubs: [hub('https://a.example', 100), hub('https://b.example', 50)],
});
const lines = (after: PolicyDocument) => policyDiff(before, after).map(diffLine);

describe('the difference of two policies', () => {
  it('is nothing between equals', () => {
    expect(lines(structuredClone(before))).toEqual([]);
  });

  it('names each value that changed', () => {
    expect(lines({ ...before, version: 2, negative: { ...before.negative, threshold: 99 } })).toEqual([
      '~ version: 1 → 2',
      '~ negative.threshold: 40 → 99',
    ]);
  });

  it('tells hubs by id, so that taking out the first moves no other', () => {
    const removed = lines({ ...before, hubs: before.hubs.slice(1) });
    expect(removed.every((line) => line.startsWith('- hubs[https://a.example]'))).toBe(true);
  });

  it('shows a change within a hub', () => {
    expect(lines({ ...before, hubs: [hub('https://a.example', 10), hub('https://b.example', 50)] })).toEqual([
      '~ hubs[https://a.example].trust: 100 → 10',
    ]);
  });
});
