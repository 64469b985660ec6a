import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { DAY_MS, eventTypes, policyDocument, type PolicyDocument } from '#contracts';
import { countSameHubs, hubWeighs, isOnProbation, operatorIds, weighsFrom } from './hubs.js';
import { mustBeHeld } from './hold.js';
import { policyDigest } from './policy-digest.js';
import { sampleHub, samplePolicy } from '../sample.fixture.js';
import { cappedTotal, decayTable, largestSlot, signalUnits, trimOf } from './scores.js';

const hub = 'https://hub.example';
const day = Date.parse('2025-06-01') / DAY_MS;
const ban = { type: eventTypes.ban, payload: { by: 'hub' }, hub, day };

describe('weight of a signal', () => {
  it.each([
    [eventTypes.abuseReport, { reason: 'spam', hubVerified: true }, 'negative', 160],
    [eventTypes.abuseReport, { reason: 'spam', hubVerified: false }, 'negative', 48],
    [eventTypes.ban, { by: 'hub' }, 'negative', 128],
    [eventTypes.ban, { by: 'room-admin' }, 'negative', 80],
    [eventTypes.kick, { by: 'hub' }, 'negative', 32],
    [eventTypes.rate, {}, 'negative', 32],
    [eventTypes.commend, {}, 'positive', 16],
  ] as const)('gives a fresh %s with %j the default weight', (type, payload, side, units) => {
    expect(signalUnits(samplePolicy(), { type, payload, hub, day }, 0)).toEqual({ side, units });
  });

  it('gives none to what only takes other signals back', () => {
    expect(signalUnits(samplePolicy(), { type: eventTypes.retract, payload: { jti: 'x' }, hub, day }, 0)).toBeUndefined();
    expect(signalUnits(samplePolicy(), { type: eventTypes.unban, payload: { jti: 'x' }, hub, day }, 0)).toBeUndefined();
  });

  it('halves after fourteen epochs and is nothing outside the window', () => {
    expect(signalUnits(samplePolicy(), ban, 14)?.units).toBe(64);
    expect(signalUnits(samplePolicy(), ban, 29)?.units).toBe(8 * 4);
    for (const age of [30, -1, 0.5, Number.NaN]) expect(signalUnits(samplePolicy(), ban, age)?.units).toBe(0);
  });

  it('counts the hub by its trust, rounded down', () => {
    const policy = samplePolicy({ hubs: [sampleHub(hub, { trust: 33 })] });
    expect(signalUnits(policy, ban, 0)?.units).toBe(42); // 128 × 33 / 100 = 42.24
  });

  it('is nothing from a hub that is unknown, suspended or in quarantine, on both sides', () => {
    const commend = { ...ban, type: eventTypes.commend, payload: { since: '2025-01-01' } };
    expect(signalUnits(samplePolicy(), { ...ban, hub: 'https://other.example' }, 0)?.units).toBe(0);
    for (const status of ['suspended', 'quarantined'] as const) {
      const policy = samplePolicy({ hubs: [sampleHub(hub, { status })] });
      expect(signalUnits(policy, ban, 0)?.units).toBe(0);
      expect(signalUnits(policy, commend, 0)).toEqual({ side: 'positive', units: 0 });
      expect(countSameHubs(policy, samplePolicy())).toBe(false);
    }
    expect(countSameHubs(samplePolicy(), samplePolicy({ hubs: [sampleHub(hub, { trust: 5 })] }))).toBe(true);
  });

  it('is nothing from a sandbox, which makes no operator either, nor an old one of a new one', () => {
    const sandbox = sampleHub('https://sandbox.example', { sandbox: true, operator: 'trying', since: '2020-01-01' });
    const alone = samplePolicy({ hubs: [sampleHub(hub), sandbox] });
    expect(signalUnits(alone, { ...ban, hub: sandbox.id }, 0)).toEqual({ side: 'negative', units: 0 });
    expect(operatorIds(alone)).toEqual(['hub-one']);
    expect(countSameHubs(alone, samplePolicy({ hubs: [sampleHub(hub)] }))).toBe(true);
    expect([hubWeighs(alone, hub), hubWeighs(alone, sandbox.id), hubWeighs(alone, 'https://x.example')]).toEqual([
      true,
      false,
      false,
    ]);
    const live = sampleHub('https://live.example', { operator: 'trying', since: '2025-06-01' });
    expect(isOnProbation(samplePolicy({ hubs: [sandbox, live], newHubDays: 0 }), live.id, day + 29)).toBe(true);
    expect(signalUnits(samplePolicy({ hubs: [sandbox, live] }), { ...ban, hub: live.id, day: day + 30 }, 0)?.units).toBe(128);
  });

  it('is nothing in the first thirty days of an operator, whatever hubs it adds later', () => {
    const started = Date.parse('2025-06-01') / DAY_MS;
    const hubs = [sampleHub(hub, { since: '2025-06-01' }), sampleHub('https://later.example', { since: '2025-08-01' })];
    const policy = samplePolicy({ hubs, newHubDays: 0 });
    expect(signalUnits(policy, { ...ban, day: started + 29 }, 0)?.units).toBe(0);
    expect(signalUnits(policy, { ...ban, day: started + 30 }, 0)?.units).toBe(128);
    expect(signalUnits(policy, { ...ban, hub: 'https://later.example', day: started + 61 }, 0)?.units).toBe(128);
    expect(isOnProbation(policy, 'https://nobody.example', 99_999)).toBe(true);
  });

  it('is nothing in the first days of a new hub of an old operator, where the policy says so', () => {
    const added = Date.parse('2025-08-01') / DAY_MS;
    const later = 'https://later.example';
    const hubs = [sampleHub(hub), sampleHub(later, { since: '2025-08-01' })];
    const { newHubDays: _, ...before } = samplePolicy({ hubs });
    const units = (policy: PolicyDocument, day: number, id = later) => signalUnits(policy, { ...ban, hub: id, day }, 0)?.units;
    expect(units(before, added)).toBe(128);
    const policy = { ...before, newHubDays: 10 };
    expect([units(policy, added + 9), units(policy, added + 10)]).toEqual([0, 128]);
    expect(units(policy, added, hub)).toBe(128);
    expect(weighsFrom(policy, hubs[1]!)).toBe(added + 10);
    expect(weighsFrom({ ...policy, newHubDays: 0 }, hubs[0]!)).toBe(Date.parse('2025-01-01') / DAY_MS + 30);
  });

  it('keeps the digest of a policy from before there was quarantine, a probation of hubs or an expected rate', () => {
    const { newHubDays: _, ...document } = samplePolicy();
    const read = policyDocument.parse(JSON.parse(JSON.stringify(document)));
    expect(policyDigest(read)).toEqual(policyDigest(document));
    expect(Object.keys(read)).not.toContain('newHubDays');
    expect(Object.keys(read.hubs[0]!)).not.toContain('expectedPerEpoch');
  });

  it('is capped per hub and pseudonym, and no honest slot exceeds its bound', () => {
    const policy = samplePolicy();
    expect(cappedTotal(policy, 639)).toBe(639);
    expect(cappedTotal(policy, 641)).toBe(640);
    expect(largestSlot(policy, 3)).toBe(3 * 640);
    expect(largestSlot(policy, 10_000)).toBe(96 * 640);
  });

  it('decays by a table of integers that never rises', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 400 }),
        fc.integer({ min: 1, max: 60 }),
        fc.integer({ min: 1, max: 64 }),
        (window, half, scale) => {
          const table = decayTable(window, half, scale);
          expect(table).toHaveLength(window);
          expect(table[0]).toBe(scale);
          expect(table.every((value, age) => Number.isInteger(value) && value <= (table[age - 1] ?? scale))).toBe(true);
        },
      ),
    );
  });

  it('compares clip and threshold in the same units', () => {
    expect(trimOf(samplePolicy(), 'negative')).toEqual({ f: 1, clip: 640, threshold: 640 });
  });

  it('lists operators once and in order', () => {
    const hubs = [
      sampleHub('https://b.example', { operator: 'zeta' }),
      sampleHub('https://a.example', { operator: 'alpha' }),
      sampleHub(hub),
    ];
    expect(operatorIds(samplePolicy({ hubs: [...hubs, sampleHub('https://c.example')] }))).toEqual(['alpha', 'hub-one', 'zeta']);
  });
});

describe('signals that wait for a moderator', () => {
  const held = (hold: { hubVerified?: boolean; reasons?: string[] }[], payload: object) =>
    mustBeHeld(samplePolicy({ hold }), eventTypes.abuseReport, payload);

  it('are none by default', () => {
    expect(held([], { reason: 'other', hubVerified: false })).toBe(false);
  });

  it('fit every member that one rule names', () => {
    const rules = [{ hubVerified: false, reasons: ['other'] }];
    expect(held(rules, { reason: 'other', hubVerified: false })).toBe(true);
    expect(held(rules, { reason: 'other', hubVerified: true })).toBe(false);
    expect(held(rules, { reason: 'spam', hubVerified: false })).toBe(false);
    expect(held([{ hubVerified: true }, { reasons: ['spam'] }], { reason: 'spam', hubVerified: false })).toBe(true);
  });

  it('are abuse reports only', () => {
    expect(mustBeHeld(samplePolicy({ hold: [{}] }), eventTypes.kick, { by: 'hub' })).toBe(false);
    expect(held([{}], { reason: 'spam', hubVerified: true })).toBe(true);
  });
});
