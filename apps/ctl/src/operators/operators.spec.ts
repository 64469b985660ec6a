import { describe, expect, it } from '@jest/globals';
import { defaultPolicy } from '#policy';
import { capacityReport } from './capacity-rows.js';

describe('the capacity of a parameter set', () => {
  const policy = defaultPolicy({ domain: 'p.example', audience: 'https://p.example' });

  it('carries the default policy', () => {
    expect(capacityReport(policy).fits).toBe(true);
  });

  it('does not carry a cap that could wrap', () => {
    expect(capacityReport({ ...policy, capPerHubAndPseudonym: 4_000 }).fits).toBe(false);
  });

  it('refuses a set nobody knows', () => {
    expect(() => capacityReport({ ...policy, parameterSet: 'n1-q1-t1' })).toThrow(/not known/);
  });
});
