import { createHash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { toBase64Url, type HubEntry } from '#contracts';
import { defaultPolicy } from '#policy';
import { OpenRefused, openTallies } from './open-tallies.js';

const hub: HubEntry = {
  id: 'https://a.example',
  operator: 'one',
  trust: 100,
  since: '2025-01-01',
  status: 'active',
  keys: [],
  revokedKids: [],
};
const policy = defaultPolicy({ domain: 'provider.example', audience: 'https://provider.example', hubs: [hub] });
const bytes = new Uint8Array(8);
const ciphertext = toBase64Url(createHash('sha256').update(bytes).digest());

/** One tally of this cohort, in which slots 1 and 2 have something, and only slot 1 has a known holder. */
const opened = (cohort: number, firstCohort: number) =>
  openTallies({
    tallies: [{ cohort, keyEpoch: 1, hub: hub.id, pseudonyms: 2, weightSum: 12, squareSum: 74, ciphertext }],
    ciphertexts: (async function* () {
      yield bytes;
    })(),
    policy,
    schemes: { openTally: async () => Uint32Array.of(0, 5, 7) },
    firstCohort,
    holdersOf: async () => new Map([[1, 'known']]),
  });

describe('a slot that nobody is known to hold', () => {
  it('counts for nobody in a cohort of an earlier generation', async () => {
    const sums = await opened(4, 2 ** 20);
    expect([...sums.entries()].map(([handle, scores]) => [handle, ...scores])).toEqual([['known', 5]]);
  });

  it('is impossible in a cohort of this one', async () => {
    await expect(opened(4, 0)).rejects.toThrow(OpenRefused);
    await expect(opened(2 ** 20, 2 ** 20)).rejects.toMatchObject({ fault: 'unheld-slot' });
  });
});
