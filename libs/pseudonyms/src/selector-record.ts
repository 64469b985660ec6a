/** Selectors as JSON, as the key holder answers a mint and takes a renewal (contracts `selectorRecord`). */
import type { z } from 'zod';
import { fromBase64Url, selectorRecord, toBase64Url } from '#contracts';
import type { SelectorId } from '#contracts';
import { SelectorRefused } from './selector-refused.js';
import type { Selector } from './selector.js';

/** What travels: every byte field base64url. */
export type SelectorJson = z.input<typeof selectorRecord>;
/** What the schema leaves after parsing: bytes, but the ciphertext still as text. */
export type SelectorRecord = z.output<typeof selectorRecord>;

export const toSelectorJson = (selector: Selector): SelectorJson => ({
  selectorId: toBase64Url(selector.selectorId),
  keyEpoch: selector.keyEpoch,
  cohort: selector.cohort,
  period: selector.period,
  expiryDay: selector.expiryDay,
  subject: toBase64Url(selector.subject),
  bytes: toBase64Url(selector.bytes),
  signature: toBase64Url(selector.signature),
});

/**
 * @param selectorBytes length of a ciphertext of the parameter set
 * @throws SelectorRefused 'malformed' or 'length'
 */
export function fromSelectorRecord(record: SelectorRecord, selectorBytes: number): Selector {
  const { keyEpoch, cohort, period, expiryDay } = record;
  if (![keyEpoch, cohort, period, expiryDay].every(isUint32)) throw new SelectorRefused('malformed');
  return { ...record, selectorId: record.selectorId as SelectorId, bytes: ciphertext(record.bytes, selectorBytes) };
}

/** @throws SelectorRefused 'malformed' or 'length' */
export function fromSelectorJson(json: unknown, selectorBytes: number): Selector {
  const parsed = selectorRecord.safeParse(json);
  if (!parsed.success) throw new SelectorRefused('malformed');
  return fromSelectorRecord(parsed.data, selectorBytes);
}

/** The four numbers are 32 bits wide in frames; a record may not say what a frame cannot. */
export const isUint32 = (value: number): boolean => Number.isInteger(value) && value >= 0 && value <= 0xffff_ffff;

function ciphertext(text: string, selectorBytes: number): Uint8Array {
  // length first: a long text is not decoded to find out
  if (text.length !== Math.ceil((selectorBytes * 4) / 3)) throw new SelectorRefused('length');
  try {
    return fromBase64Url(text);
  } catch {
    throw new SelectorRefused('malformed');
  }
}
