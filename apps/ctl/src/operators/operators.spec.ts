import { describe, expect, it } from '@jest/globals';
import { isoDay } from '#contracts';
import { defaultPolicy } from '#policy';
import { auditLine, faultLine } from './audit-lines.js';
import { capacityReport } from './capacity-rows.js';

describe('the log of the key holder', () => {
  const bytes = new Uint8Array(32);

  it('reads as one line a row', () => {
    const body = { type: 'release', day: 20_000, number: 2, suspended: 10, reinstated: 1 };
    expect(auditLine({ sequence: 7, previous: bytes, body, signature: bytes }, isoDay)).toBe(
      '     7  2024-10-04  release    number 2, suspended 10, reinstated 1',
    );
  });

  it('says what is wrong with the first row that does not fit', () => {
    expect(faultLine({ sequence: 9, fault: 'gap' })).toMatch(/^✗ row 9 .*missing/);
  });
});

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
