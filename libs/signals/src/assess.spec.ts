import { describe, expect, it } from '@jest/globals';
import { eventTypes } from '#contracts';
import { reportWith } from '../../../test/fakes/abuse-reports.js';
import { assess } from './assess.js';

const known = { isKnown: true, mustBeHeld: () => false };
const uri = 'mimi://p.example/p/1';
const report = { uri, eventType: eventTypes.abuseReport, payload: { reason: 'spam', hubVerified: true, more: 1 } };
const bytesAbout = (about: string, franks: readonly number[]) => ({
  ...report,
  payload: { ...report.payload, abuseReport: reportWith(franks, about) },
});

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
    ['unknown-type', { uri, eventType: 'urn:other', payload: {} }, known],
    ['unknown-type', { uri, eventType: 'toString', payload: {} }, known],
    ['malformed-payload', { ...report, payload: { reason: 'dislike', hubVerified: true } }, known],
    ['malformed-payload', { uri, eventType: eventTypes.retract, payload: {} }, known],
    ['malformed-payload', { ...report, payload: { ...report.payload, room: 'mimi://h.example/u/lobby' } }, known],
    ['malformed-payload', { ...report, payload: { ...report.payload, abuseReport: '' } }, known],
    ['malformed-payload', { ...report, payload: { ...report.payload, abuseReport: 'AQI' } }, known],
    ['malformed-payload', { ...report, payload: { ...report.payload, abuseReport: `${reportWith([], uri)}AA` } }, known],
    ['malformed-payload', bytesAbout('mimi://p.example/p/2', [1]), known],
    ['malformed-payload', bytesAbout('mimi://P.example/p/1', [1]), known],
    ['unknown-pseudonym', report, { ...known, isKnown: false }],
  ])('ignores %s', (why, signal, rules) => {
    expect(assess(signal, rules)).toEqual({ outcome: 'ignored', why });
  });

  it('gives the franks of a report that carries messages, each once', () => {
    const franks = [1, 2].map((mark) => String.fromCharCode(mark).repeat(32));
    expect(assess(bytesAbout(uri, [1, 2, 1]), known)).toMatchObject({ outcome: 'counted', franks });
    expect(assess(bytesAbout(uri, []), known)).not.toHaveProperty('franks');
  });

  it('takes a retraction even when its own subject is gone', () => {
    expect(assess({ uri, eventType: eventTypes.unban, payload: { jti: 'b1' } }, { ...known, isKnown: false })).toEqual({
      outcome: 'retraction',
      eventType: eventTypes.unban,
      names: 'b1',
    });
  });
});
