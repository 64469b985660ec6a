import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { toBase64Url, type HubEntry } from '#contracts';
import { cappedTotal, defaultPolicy, largestTotal } from '#policy';
import type { DecisionHeader, Tally } from '#tallies';
import { treeFault } from './tree-fault.js';

const hub = (id: string, status: HubEntry['status'] = 'active'): HubEntry => ({
  id,
  operator: 'one',
  trust: 100,
  since: '2025-01-01',
  status,
  keys: [],
  revokedKids: [],
});
const policy = defaultPolicy({
  domain: 'provider.example',
  audience: 'https://provider.example',
  hubs: [
    hub('https://a.example'),
    hub('https://off.example', 'suspended'),
    hub('https://shut.example', 'quarantined'),
    { ...hub('https://try.example'), sandbox: true },
  ],
});
const rules = { parameterSet: 'n2048-q50-t20', slots: 2048, policy, cohorts: new Map([[4, 1]]), firstCohort: 0 };
const digest = toBase64Url(new Uint8Array(32));
const tally: Tally = {
  cohort: 4,
  keyEpoch: 1,
  hub: 'https://a.example',
  pseudonyms: 3,
  weightSum: 600,
  squareSum: 120_000,
  ciphertext: digest,
};
const submitted = (own: Partial<Tally>, set = 'n2048-q50-t20'): DecisionHeader => ({
  header: {
    v: 1,
    epoch: 1,
    side: 'negative',
    policy: 'live',
    parameterSet: set,
    build: 'x',
    policyDigest: digest,
    manifestRoot: digest,
    since: 0,
    newPseudonyms: 20,
    objections: digest,
    selectors: digest,
    leaves: 1,
  },
  tallies: [{ ...tally, ...own }],
  correlator: { id: 'c', signature: '' },
  witnesses: [],
});

describe('an attested tree', () => {
  it('has no fault when it is honest', () => {
    expect(treeFault(submitted({}), rules)).toBeUndefined();
  });

  it('is not of another parameter set, nor under a policy for one', () => {
    expect(treeFault(submitted({}, 'n4096-q60-t20'), rules)).toBe('parameter-set');
    const elsewhere = { ...policy, parameterSet: 'n4096-q60-t20' };
    expect(treeFault(submitted({}), { ...rules, policy: elsewhere })).toBe('parameter-set');
  });

  it.each([
    ['cohort', { cohort: 5 }],
    ['key-epoch', { keyEpoch: 2 }],
    ['hub', { hub: 'https://b.example' }],
    ['hub', { hub: 'https://off.example' }],
    ['hub', { hub: 'https://shut.example' }],
    ['hub', { hub: 'https://try.example' }],
    ['pseudonyms', { pseudonyms: 2048 * 96 + 1, weightSum: 2048 * 96 + 1, squareSum: 2048 * 96 + 1 }],
    ['weight-sum', { weightSum: 3 * 640 + 1 }],
    ['weight-sum', { weightSum: 2, squareSum: 2 }],
    ['square-sum', { squareSum: 119_999 }],
    ['square-sum', { squareSum: 600 * 640 + 1 }],
  ] as const)('has the fault %s with %j', (fault, own) => {
    expect(treeFault(submitted(own), rules)).toBe(fault);
  });

  it('has none for a cohort of an earlier generation that is not known any more', () => {
    expect(treeFault(submitted({ cohort: 5 }), { ...rules, firstCohort: 6 })).toBeUndefined();
    expect(treeFault(submitted({ cohort: 6 }), { ...rules, firstCohort: 6 })).toBe('cohort');
    expect(treeFault(submitted({ cohort: 4, keyEpoch: 2 }), { ...rules, firstCohort: 6 })).toBe('key-epoch');
  });

  it('never has one for the sums of totals under the cap', () => {
    const total = fc.integer({ min: 1, max: 2 * largestTotal(policy) }).map((sum) => cappedTotal(policy, sum));
    fc.assert(
      fc.property(fc.array(total, { minLength: 1, maxLength: 50 }), (totals) => {
        const weightSum = totals.reduce((sum, value) => sum + value, 0);
        const squareSum = totals.reduce((sum, value) => sum + value ** 2, 0);
        expect(treeFault(submitted({ pseudonyms: totals.length, weightSum, squareSum }), rules)).toBeUndefined();
      }),
    );
  });
});
