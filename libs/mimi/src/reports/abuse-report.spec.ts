import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { decodeAbuseReport, encodeAbuseReport, mostMessages } from './abuse-report.js';
import { anyReport, messageOf, reportOf } from './abuse-report.fixture.js';
import { mostComponents } from './app-data.js';
import { MimiRefused } from '../wire/refused.js';

const components = (...ids: number[]) => ids.map((componentId) => ({ componentId, data: new Uint8Array() }));
const many = (count: number) => components(...Array.from({ length: count }, (_, id) => id));

describe('an abuse report', () => {
  it('comes out as it went in, whatever it holds', () => {
    fc.assert(
      fc.property(anyReport, (report) => {
        expect(decodeAbuseReport(encodeAbuseReport(report))).toEqual(report);
      }),
    );
  });

  it('has one form only: cut, lengthened, it is no report', () => {
    fc.assert(
      fc.property(anyReport, fc.nat(), fc.uint8Array({ minLength: 1, maxLength: 9 }), (report, at, more) => {
        const bytes = encodeAbuseReport(report);
        expect(() => decodeAbuseReport(bytes.subarray(0, at % bytes.length))).toThrow(MimiRefused);
        expect(() => decodeAbuseReport(new Uint8Array([...bytes, ...more]))).toThrow('trailing-bytes');
      }),
      { numRuns: 50 },
    );
  });

  it('holds none of the bytes it was read from', () => {
    const bytes = encodeAbuseReport(reportOf({ messages: [messageOf(7)] }));
    const report = decodeAbuseReport(bytes);
    bytes.fill(0);
    expect(report.messages[0]).toEqual(messageOf(7));
  });

  it('holds so many messages and components and no more, read or written', () => {
    const [most, more] = [mostMessages, mostMessages + 1].map((count) => Array.from({ length: count }, (_, i) => messageOf(i)));
    const full = encodeAbuseReport(reportOf({ messages: most!, abuseExtensions: many(mostComponents) }));
    expect(decodeAbuseReport(full).messages).toHaveLength(mostMessages);
    expect(() => encodeAbuseReport(reportOf({ messages: more! }))).toThrow(RangeError);
    expect(() => encodeAbuseReport(reportOf({ abuseExtensions: many(mostComponents + 1) }))).toThrow(RangeError);
    // empty URIs, note and extensions around 33 messages of no content: 33 × 44 bytes = 0x5ac
    const tooMany = new Uint8Array([0, 0, 1, 0, 0x45, 0xac, ...new Uint8Array(33 * 44), 0]);
    expect(() => decodeAbuseReport(tooMany)).toThrow('too-many-messages');
    const ids = Array.from({ length: mostComponents + 1 }, (_, id) => [0, id, 0]).flat();
    expect(() => decodeAbuseReport(new Uint8Array([0, 0, 1, 0, 0, 0x40, ids.length, ...ids]))).toThrow('too-many-components');
  });

  it.each<[string, Parameters<typeof reportOf>[0]]>([
    ['a reason of two bytes', { reasonCode: 256 }],
    ['half a character', { note: '\ud800' }],
    ['components out of order', { abuseExtensions: components(2, 1) }],
    ['a component twice', { abuseExtensions: components(1, 1) }],
    ['a component id of three bytes', { abuseExtensions: components(0x1_0000) }],
    ['a short frank', { messages: [{ ...messageOf(1), frank: { ...messageOf(1).frank, serverFrank: new Uint8Array(31) } }] }],
    ['a time before 1970', { messages: [{ ...messageOf(1), acceptedTimestamp: -1n }] }],
    ['a time after the last', { messages: [{ ...messageOf(1), acceptedTimestamp: 2n ** 64n }] }],
  ])('is not written with %s', (_, more) => {
    expect(() => encodeAbuseReport(reportOf(more))).toThrow(RangeError);
  });
});
