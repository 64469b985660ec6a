/**
 * Which selector stands for a pseudonym in an epoch's tallies (protocol.md §3, §5). Pure.
 *
 * The newest whose period had begun when the epoch was closed. A renewal is always for the period after the one it is asked in, so what
 * is renewed between correlator and witness changes nothing. What is minted between them can: then the header's `selectors` digests
 * differ, nobody signs, and the correlator tallies again.
 */
import { createHash } from 'node:crypto';
import { DAY_MS, periodOf, type PolicyDocument } from '#contracts';

/** What is read of every selector before any ciphertext. */
export interface SelectorHead {
  readonly uri: string;
  /** 16 bytes as hexadecimal digits: a window has hundreds of thousands, and a text takes a third of the memory */
  readonly selectorId: string;
  readonly keyEpoch: number;
  readonly cohort: number;
  readonly period: number;
  readonly expiryDay: number;
}

/** The latest period a folded selector may be for. */
export const selectorPeriod = (closedDay: number): number => periodOf(closedDay);

/** Days that a window may reach back over: whole ones, one at least. */
export const windowDays = ({ windowEpochs, epochSeconds }: PolicyDocument): number =>
  Math.ceil((windowEpochs * epochSeconds * 1_000) / DAY_MS);

/**
 * Was the pseudonym valid on some day of the window? Signals about one that ended earlier count for nobody: the bound on slots
 * (2 × maxPseudonyms of a handle) holds only for pseudonyms that lived in the window.
 */
export const livedInWindow = (
  policy: PolicyDocument,
  closedDay: number,
  { expiryDay }: Pick<SelectorHead, 'expiryDay'>,
): boolean => expiryDay > closedDay - windowDays(policy);

/**
 * The one selector of each pseudonym. @param heads of any number of pseudonyms, any order.
 * A (pseudonym, period) with two selector ids has none: neither of them can be told to be the right one.
 */
export function chooseSelectors(
  policy: PolicyDocument,
  closedDay: number,
  heads: Iterable<SelectorHead>,
): Map<string, SelectorHead> {
  const chosen = new Map<string, SelectorHead>();
  const twice = new Map<string, number>();
  for (const head of heads) {
    if (head.period > selectorPeriod(closedDay)) continue;
    const other = chosen.get(head.uri);
    if (other?.period === head.period) twice.set(head.uri, head.period);
    else if (!other || other.period < head.period) chosen.set(head.uri, head);
  }
  for (const [uri, head] of chosen)
    if (twice.get(uri) === head.period || !livedInWindow(policy, closedDay, head)) chosen.delete(uri);
  return chosen;
}

/** SHA-256 over the ids in byte order: which selectors were folded, without saying for whom. As many as there are. */
export function selectorsDigest(heads: Iterable<Pick<SelectorHead, 'selectorId'>>): Uint8Array {
  const hash = createHash('sha256');
  for (const id of Array.from(heads, ({ selectorId }) => selectorId).sort()) hash.update(id, 'hex');
  return new Uint8Array(hash.digest());
}
