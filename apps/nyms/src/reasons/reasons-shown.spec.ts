import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { DAY_MS, eventTypes, reasonCodes } from '#contracts';
import type { EventType, HubEntry } from '#contracts';
import { defaultPolicy } from '#policy';
import { fewOperators, reasonsShown } from './reasons-shown.js';
import type { TalliedSignal } from './reasons-shown.js';

const { abuseReport, ban, commend, kick, rate } = eventTypes;
const day = Date.parse('2026-11-30') / DAY_MS;
const hub = (i: number, more: Partial<HubEntry> = {}): HubEntry => ({
  id: `https://hub-${i}.example`,
  operator: `operator-${i}`,
  trust: 100,
  since: '2025-01-01',
  status: 'active',
  keys: [],
  revokedKids: [],
  ...more,
});
const policyOf = (hubs: readonly HubEntry[]) => defaultPolicy({ domain: 'p.example', audience: 'https://p.example', hubs });
const twelve = policyOf(Array.from({ length: 12 }, (_, i) => hub(i)));
const five = policyOf(Array.from({ length: 5 }, (_, i) => hub(i)));
const signal = (
  i: number,
  type: EventType = abuseReport,
  payload: object = { reason: 'spam', hubVerified: true },
): TalliedSignal => ({
  hub: `https://hub-${i}.example`,
  type,
  payload,
  day,
});
const of = (count: number, type?: EventType, payload?: object) =>
  Array.from({ length: count }, (_, i) => signal(i, type, payload));

describe('why a pseudonym was suspended', () => {
  it('is few up to as many operators as could suspend by this pseudonym alone, without a reason', () => {
    expect([fewOperators(five), fewOperators(twelve)]).toEqual([2, 4]);
    const none = reasonsShown(twelve, []);
    expect(none).toEqual({ operators: { least: 0, most: 4 }, reasons: [] });
    for (let count = 1; count <= 4; count++) expect(reasonsShown(twelve, of(count))).toEqual(none);
    expect(reasonsShown(five, of(2))).toEqual({ operators: { least: 0, most: 2 }, reasons: [] });
    expect(reasonsShown(five, of(3)).operators).toEqual({ least: 3, most: 5 });
  });

  it('is a band above that, with the reasons that three operators gave', () => {
    const reasons = [
      ...of(5),
      ...of(3, ban, { by: 'hub' }),
      ...of(2, kick, { by: 'hub' }),
      ...of(2, abuseReport, { reason: 'threat', hubVerified: true }),
    ];
    expect(reasonsShown(twelve, reasons)).toEqual({ operators: { least: 5, most: 9 }, reasons: ['spam', 'ban'] });
    expect(reasonsShown(twelve, of(10, rate)).operators).toEqual({ least: 10 });
  });

  it('counts operators, not hubs, and nothing that weighs nothing or speaks for the pseudonym', () => {
    const one = policyOf(Array.from({ length: 12 }, (_, i) => hub(i, { operator: 'one' })));
    expect(reasonsShown(one, of(12))).toEqual(reasonsShown(one, []));
    const silent = policyOf([hub(0), ...[1, 2, 3, 4].map((i) => hub(i, { status: 'quarantined' })), hub(5, { trust: 0 })]);
    expect(reasonsShown(silent, of(9))).toEqual(reasonsShown(silent, []));
    expect(reasonsShown(twelve, of(9, commend, { since: '2025-01-01' }))).toEqual(reasonsShown(twelve, []));
  });

  it('tells a pseudonym that nobody signalled from one that few did by nothing, whatever they said, how often and in what order', () => {
    const said = fc.record({
      i: fc.nat(3),
      what: fc.constantFrom(
        ...reasonCodes.map((reason): [EventType, object] => [abuseReport, { reason, hubVerified: true }]),
        [ban, { by: 'hub' }] as [EventType, object],
        [rate, {}] as [EventType, object],
      ),
    });
    fc.assert(
      fc.property(fc.array(said, { maxLength: 60 }), (all) => {
        const signals = all.map(({ i, what: [type, payload] }) => signal(i, type, payload));
        expect(reasonsShown(twelve, signals)).toEqual(reasonsShown(twelve, []));
        expect(reasonsShown(twelve, [...of(6), ...signals])).toEqual(reasonsShown(twelve, [...signals].reverse().concat(of(6))));
      }),
    );
  });
});
