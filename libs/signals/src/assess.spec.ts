import { describe, expect, it } from '@jest/globals';
import { eventTypes } from '#contracts';
import { assess } from './assess.js';

const known = { isKnown: true, mustBeHeld: () => false };
const report = { eventType: eventTypes.abuseReport, payload: { reason: 'spam', hubVerified: true, more: 1 } };

describe('what becomes of a signal', () => {
  it('counts a well-formed one about a known pseudonym, without members nobody knows', () => {
    expect(assess(report, known)).toEqual({
      outcome: 'counted',
      eventType: eventTypes.abuseReport,
      payload: { reason: 'spam', hubVerified: true },
    });
  });

  it('holds what the policy wants a moderator to see', () => {
    const seen: unknown[] = [];
    const mustBeHeld = (type: string, payload: unknown) => seen.push([type, payload]) > 0;
    expect(assess(report, { isKnown: true, mustBeHeld }).outcome).toBe('held');
    expect(seen).toEqual([[eventTypes.abuseReport, { reason: 'spam', hubVerified: true }]]);
  });

  it.each([
    ['unknown-type', { eventType: 'urn:other', payload: {} }, known],
    ['unknown-type', { eventType: 'toString', payload: {} }, known],
    ['malformed-payload', { ...report, payload: { reason: 'dislike', hubVerified: true } }, known],
    ['malformed-payload', { eventType: eventTypes.retract, payload: {} }, known],
    ['unknown-pseudonym', report, { ...known, isKnown: false }],
  ])('ignores %s', (why, signal, rules) => {
    expect(assess(signal, rules)).toEqual({ outcome: 'ignored', why });
  });

  it('takes a retraction even when its own subject is gone', () => {
    expect(assess({ eventType: eventTypes.unban, payload: { jti: 'b1' } }, { ...known, isKnown: false })).toEqual({
      outcome: 'retraction',
      eventType: eventTypes.unban,
      names: 'b1',
    });
  });
});
