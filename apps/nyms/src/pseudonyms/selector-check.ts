/** A selector as the key holder answers it, checked against the pin before anything is stored: nyms keeps nothing that a witness refuses. */
import { Problem, sameBytes } from '#contracts';
import { checkSelector, fromSelectorRecord, SelectorRefused } from '#pseudonyms';
import type { Selector, SelectorRecord } from '#pseudonyms';
import type { NymsEvents } from '../events.js';
import type { KeyholderPin } from '../keyholder/pin.js';

export interface Wanted {
  readonly at: 'mint' | 'renewal';
  readonly subject: Uint8Array;
  readonly period: number | undefined;
}

/**
 * @throws Problem service-unavailable for a key epoch that our copy of the pin does not name yet: the same request gets the same selector for an hour
 * @throws SelectorRefused, noted in the log: the key holder is not the pinned one, or defective
 */
export function acceptSelector(record: SelectorRecord, pin: KeyholderPin, wanted: Wanted, events: NymsEvents): Selector {
  try {
    const selector = fromSelectorRecord(record, pin.selectorBytes);
    if (!pin.selectorKeyOf(selector.keyEpoch)) {
      events.emit('pin-behind', { at: wanted.at });
      throw new Problem('service-unavailable', { retryAfterMs: 60_000 });
    }
    checkSelector(pin, selector);
    if (!sameBytes(selector.subject, wanted.subject)) throw new SelectorRefused('subject');
    if (wanted.period !== undefined && selector.period !== wanted.period) throw new SelectorRefused('malformed');
    return selector;
  } catch (error) {
    if (error instanceof SelectorRefused) events.emit('selector-refused', { at: wanted.at, code: error.code });
    throw error;
  }
}
