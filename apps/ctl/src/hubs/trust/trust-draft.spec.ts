import { describe, expect, it } from '@jest/globals';
import type { HubEntry } from '#contracts';
import { defaultPolicy } from '#policy';
import { trustHead, trustRows, withTrustFromReviews } from './trust-draft.js';
import type { HubReviews } from './trust-draft.js';

const hub = (id: string, trust: number): HubEntry => ({
  id,
  operator: id,
  trust,
  since: '2025-01-01',
  status: 'active',
  keys: [],
  revokedKids: [],
});
const live = defaultPolicy({
  domain: 'p.example',
  audience: 'https://p.example',
  hubs: [hub('a', 100), hub('b', 40), hub('c', 70)],
});
const row = (id: string, upheld: number, overturned: number): HubReviews[number] => ({
  hub: id,
  trust: 1,
  upheld,
  overturned,
  disputed: 0,
  suggested: 99, // nyms is not taken at its word
  why: 'above-trust',
});
const reviews = [row('a', 10, 30), row('b', 90, 0), row('c', 3, 3), row('gone', 0, 50)];
const trusts = (document: typeof live) => document.hubs.map(({ trust }) => trust);

describe('trust from reviews in a draft', () => {
  it('is computed from the counts and the live policy, one step a version however often it is drafted', () => {
    const once = withTrustFromReviews({ ...live, version: 2 }, live, reviews, false);
    expect(trusts(once)).toEqual([90, 40, 70]);
    expect(trusts(withTrustFromReviews(once, live, reviews, false))).toEqual([90, 40, 70]);
    expect({ ...once, version: 1, hubs: live.hubs }).toEqual(live);
  });

  it('rises only when that is asked for', () => {
    expect(trusts(withTrustFromReviews(live, live, reviews, true))).toEqual([90, 50, 70]);
  });

  it('leaves what else a draft changes as it is, and a hub without reviews at what the draft says', () => {
    const draft = { ...live, hubs: live.hubs.map((one) => ({ ...one, trust: 60 })) };
    expect(trusts(withTrustFromReviews(draft, live, reviews, false))).toEqual([90, 60, 60]);
  });

  it('is shown with its reason, hub by hub', () => {
    const shown = trustRows(live, reviews, false).map((cells) =>
      Object.fromEntries(trustHead.map((name, i) => [name, cells[i]])),
    );
    expect(shown).toMatchObject([
      { hub: 'a', 'upheld %, 95 %': '14–41', 'suggested %': 90, why: 'less was upheld than it is trusted for' },
      { hub: 'b', 'suggested %': 40, why: expect.stringContaining('--allow-rise') },
      { hub: 'c', 'suggested %': 70, why: 'fewer than 20 reviews' },
    ]);
  });
});
