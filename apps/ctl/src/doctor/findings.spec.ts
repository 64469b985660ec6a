import { describe, expect, it } from '@jest/globals';
import { PolicyRefused } from '#policy';
import { certificateFindings, findingLine, isHealthy, policyFindings, readinessFinding, settingsFindings } from './findings.js';
import { roleProbes, verdict } from './role-probes.js';

describe('what the doctor finds', () => {
  it('tells a process that is gone from one that is not ready', () => {
    const url = 'http://127.0.0.1:1';
    expect(findingLine(readinessFinding('nyms', url, { live: false }))).toBe('✗ nyms: does not answer at http://127.0.0.1:1');
    const down = { live: true, status: 503, checks: { database: 'down', queue: 'up' } };
    expect(findingLine(readinessFinding('nyms', url, down))).toBe('✗ nyms: lives, but is not ready: database');
    expect(readinessFinding('nyms', url, { live: true, status: 200, checks: { database: 'up' } }).state).toBe('ok');
  });

  it('warns of a certificate whose renewal was forgotten, and fails for one that has ended', () => {
    const now = new Date('2026-06-01T12:00:00Z');
    const lines = (...ends: string[]) =>
      certificateFindings(
        ends.map((end, i) => ({ name: ['nyms', 'ctl'][i]!, expiresAt: new Date(end) })),
        now,
      ).map(findingLine);
    expect(lines('2026-07-01T12:00:00Z', '2026-06-12T12:00:00Z')).toEqual(['✓ certificates: nyms, ctl: 11 days or more']);
    expect(lines('2026-06-05T12:00:00Z', '2026-05-31T12:00:00Z')).toEqual([
      '! certificate of nyms: ends on 2026-06-05: `ctl keys certificates` renews it',
      '✗ certificate of ctl: ended on 2026-05-31: `ctl keys certificates` renews it',
    ]);
    expect(lines()).toEqual([]);
  });

  it('names settings that do not fit, never their values', () => {
    const row = {
      key: 'NYMS_PORT',
      kind: 'port',
      help: '',
      value: '',
      source: 'environment',
      required: false,
      problem: 'must be a whole number',
    } as const;
    expect(settingsFindings('nyms', [row]).map(findingLine)).toEqual(['✗ nyms settings: NYMS_PORT must be a whole number']);
  });

  it('fails without a policy and only warns of one that is fit for development alone', () => {
    expect(isHealthy(policyFindings({ refusals: [new PolicyRefused('unapproved', [], 'policy-2.json')] }))).toBe(false);
    expect(
      isHealthy(policyFindings({ version: 1, author: 'a', approvers: ['b'], violations: ['production: x'], refusals: [] })),
    ).toBe(true);
  });
});

describe('questions to the database', () => {
  const [probe] = roleProbes.filter(({ allowed }) => !allowed);

  it('finds a role that may too much, and one that may too little', () => {
    expect(probe && verdict(probe, true)).toMatch(/^role \w+ may run/);
    expect(probe && verdict({ ...probe, allowed: true }, false)).toMatch(/^role \w+ may not run/);
    expect(probe && verdict(probe, false)).toBeUndefined();
  });
});
