/**
 * The check of a selector against a pinned key holder (protocol.md §3, §5). There is no other integrity in a ciphertext: who folds,
 * opens or stores a selector checks it here first, once.
 */
import { verify, verifyInBackground } from '#platform';
import { SelectorRefused } from './selector-refused.js';
import type { SelectorFault } from './selector-refused.js';
import { selectorMessage } from './selector.js';
import type { Selector, SelectorIssuer } from './selector.js';

export interface PinnedKeyHolder extends SelectorIssuer {
  /** Ed25519 public key, 32 bytes, of a key epoch; undefined for one that is not there yet, or is destroyed */
  selectorKeyOf(keyEpoch: number): Uint8Array | undefined;
  /** exact length of a ciphertext of the parameter set */
  readonly selectorBytes: number;
}

/** What is wrong with a selector, or undefined. About 0.1 ms. */
export function selectorFault(pinned: PinnedKeyHolder, selector: Selector): SelectorFault | undefined {
  if (selector.bytes.length !== pinned.selectorBytes) return 'length';
  const key = pinned.selectorKeyOf(selector.keyEpoch);
  return key && verify(key, selectorMessage(pinned, selector), selector.signature) ? undefined : 'signature';
}

/** The same, off this thread; for many at a time. @param message of this selector, when it was made already: it hashes the ciphertext */
export async function selectorFaultInBackground(
  pinned: PinnedKeyHolder,
  selector: Selector,
  message?: Uint8Array,
): Promise<SelectorFault | undefined> {
  if (selector.bytes.length !== pinned.selectorBytes) return 'length';
  const key = pinned.selectorKeyOf(selector.keyEpoch);
  const isSigned = key && (await verifyInBackground(key, message ?? selectorMessage(pinned, selector), selector.signature));
  return isSigned ? undefined : 'signature';
}

/** @throws SelectorRefused 'length' or 'signature' */
export function checkSelector(pinned: PinnedKeyHolder, selector: Selector, at?: number): void {
  const fault = selectorFault(pinned, selector);
  if (fault) throw new SelectorRefused(fault, at);
}
