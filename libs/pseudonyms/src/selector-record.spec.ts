import { describe, expect, it } from '@jest/globals';
import type { SelectorId } from '#contracts';
import { fromSelectorJson, toSelectorJson } from './selector-record.js';
import type { Selector } from './selector.js';

const selector: Selector = {
  selectorId: new Uint8Array(16).fill(1) as SelectorId,
  keyEpoch: 1,
  cohort: 2,
  period: 680,
  expiryDay: 20_500,
  subject: new Uint8Array(32).fill(5),
  bytes: new Uint8Array(16).fill(6),
  signature: new Uint8Array(64).fill(7),
};
const json = toSelectorJson(selector);

describe('selector records', () => {
  it('travel as JSON and come back', () => {
    expect(fromSelectorJson(JSON.parse(JSON.stringify(json)), 16)).toEqual(selector);
  });

  it.each<[string, object, string]>([
    ['a missing field', { ...json, subject: undefined }, 'malformed'],
    ['an unknown field', { ...json, handle: 'x' }, 'malformed'],
    ['a short id', { ...json, selectorId: json.selectorId.slice(2) }, 'malformed'],
    ['a negative cohort', { ...json, cohort: -1 }, 'malformed'],
    ['a cohort beyond 32 bits', { ...json, cohort: 2 ** 32 }, 'malformed'],
    ['a broken day', { ...json, expiryDay: 1.5 }, 'malformed'],
    ['a longer ciphertext', { ...json, bytes: `${json.bytes}AA` }, 'length'],
    ['no ciphertext', { ...json, bytes: '' }, 'length'],
    ['another alphabet', { ...json, bytes: json.bytes.replace(/^./, '+') }, 'malformed'],
    ['stray bits', { ...json, bytes: json.bytes.replace(/.$/, 'h') }, 'malformed'],
  ])('are refused with %s', (_, record, code) => {
    expect(() => fromSelectorJson(record, 16)).toThrow(expect.objectContaining({ code }));
  });
});
