/**
 * What a renewal must show, as far as that needs no database (protocol.md §3): a selector of ours, for this pseudonym, and its first
 * key's word for this period, in the last third of the period before. The key holder sees the pseudonym's URI here, and keeps none.
 */
import { endOfPeriod, fromBase64Url, PERIOD_DAYS, periodOf, renewalIsOpen } from '#contracts';
import { isSelectorOf, selectorFault } from '#pseudonyms';
import type { PinnedKeyHolder, Selector, SelectorRecord } from '#pseudonyms';
import { fromSelectorRecord, SelectorRefused } from '#pseudonyms';
import { renewMessage, verifyClientSignature } from '#tickets';

export interface RenewalRequest {
  readonly selector: SelectorRecord;
  /** 16 bytes */
  readonly salt: Uint8Array;
  readonly uri: string;
  /** SubjectPublicKeyInfo, base64url */
  readonly publicKey: string;
  /** the period renewed into */
  readonly period: number;
  /** 64 bytes */
  readonly signature: Uint8Array;
}

/** A renewal that only a standing can refuse. */
export interface Renewal {
  readonly selector: Selector;
  readonly period: number;
}

export async function checkRenewal(pinned: PinnedKeyHolder, request: RenewalRequest, day: number): Promise<Renewal | undefined> {
  const selector = readSelector(request.selector, pinned.selectorBytes);
  const spki = readSpki(request.publicKey);
  const { salt, uri, period, signature } = request;
  if (!selector || !spki || !mayRenew(selector, period, day)) return undefined;
  if (selectorFault(pinned, selector) || !isSelectorOf(selector, { salt, uri, spki })) return undefined;
  return (await verifyClientSignature(spki, renewMessage(uri, period), signature)) ? { selector, period } : undefined;
}

/** Into the next period only, in the last third of this one, from an earlier period's selector that is still valid. */
export const mayRenew = (selector: Pick<Selector, 'period' | 'expiryDay'>, period: number, day: number): boolean =>
  renewalIsOpen(day) && period === periodOf(day) + 1 && selector.period < period && day < selector.expiryDay;

/** The renewed selector ends as many weeks after its period as the one before. */
export const renewedExpiry = (selector: Pick<Selector, 'period' | 'expiryDay'>, period: number): number =>
  selector.expiryDay + PERIOD_DAYS * (period - selector.period);

/** First day of a period. */
export const startOfPeriod = (period: number): number => endOfPeriod(period - 1);

function readSelector(record: SelectorRecord, selectorBytes: number): Selector | undefined {
  try {
    return fromSelectorRecord(record, selectorBytes);
  } catch (error) {
    if (error instanceof SelectorRefused) return undefined;
    throw error;
  }
}

function readSpki(text: string): Uint8Array | undefined {
  try {
    return fromBase64Url(text.slice(0, 200));
  } catch {
    return undefined;
  }
}
