import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { eventTypes } from '#contracts';
import { applyRetractions } from './retractions.js';
import type { ArrivedSignal } from './retractions.js';

const { abuseReport, ban, unban, retract } = eventTypes;
const signal = (jti: string, eventType: string, epoch = 1, names?: string, hub = 'https://a.example'): ArrivedSignal => ({
  hub,
  jti,
  eventType,
  epoch,
  names,
});
const left = (...signals: ArrivedSignal[]) => applyRetractions(signals).map(({ jti }) => jti);

describe('retractions', () => {
  it('remove the signal they name and never count themselves', () => {
    expect(left(signal('r', abuseReport), signal('s', abuseReport), signal('x', retract, 2, 'r'))).toEqual(['s']);
    expect(left(signal('b', ban), signal('x', unban, 1, 'b'))).toEqual([]);
  });

  it("leave another hub's signal alone", () => {
    expect(left(signal('r', abuseReport), signal('x', retract, 2, 'r', 'https://b.example'))).toEqual(['r']);
  });

  it('take back only what was there when they arrived', () => {
    expect(left(signal('r', abuseReport, 3), signal('x', retract, 2, 'r'))).toEqual(['r']);
    expect(left(signal('r', abuseReport, 2), signal('x', retract, 2, 'r'))).toEqual([]);
  });

  it('of kind unban take back bans only', () => {
    expect(left(signal('r', abuseReport), signal('x', unban, 2, 'r'))).toEqual(['r']);
  });

  it('cannot be taken back, nor form a cycle', () => {
    expect(left(signal('b', ban), signal('u', unban, 2, 'b'), signal('x', retract, 3, 'u'))).toEqual([]);
    expect(left(signal('x', retract, 1, 'y'), signal('y', retract, 1, 'x'), signal('z', retract, 1, 'z'))).toEqual([]);
  });

  it('only ever lower what is left, whatever their order', () => {
    const any = fc.record({
      hub: fc.constantFrom('a', 'b'),
      jti: fc.constantFrom('1', '2', '3', '4'),
      eventType: fc.constantFrom(...Object.values(eventTypes)),
      names: fc.option(fc.constantFrom('1', '2', '3', '4'), { nil: undefined }),
      epoch: fc.integer({ min: 1, max: 3 }),
    });
    const distinct = fc.uniqueArray(any, { selector: ({ hub, jti }) => hub + jti });
    fc.assert(
      fc.property(distinct, any, (signals, more) => {
        const before = applyRetractions(signals);
        expect(applyRetractions(signals.toReversed()).toReversed()).toEqual(before);
        const after = applyRetractions([...signals, { ...more, jti: 'new', eventType: retract }]);
        expect(before).toEqual(expect.arrayContaining(after));
        expect(before.length - after.length).toBeLessThanOrEqual(1);
      }),
    );
  });
});
