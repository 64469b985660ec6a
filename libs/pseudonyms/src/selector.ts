/**
 * A selector: an encrypted one-hot position, bound by the key holder's signature to one pseudonym's subject (protocol.md §3).
 *
 * Pure. Whoever holds one knows a cohort, a period and an expiry; never the slot, the handle or the account.
 */
import { createHash } from 'node:crypto';
import { frame, labels } from '#contracts';
import type { Cohort, SelectorId } from '#contracts';

export interface Selector {
  /** 16 random bytes */
  readonly selectorId: SelectorId;
  /** which secret key of the key holder opens it */
  readonly keyEpoch: number;
  readonly cohort: Cohort;
  /** 30-day period it was minted or renewed for */
  readonly period: number;
  /** first day on which the pseudonym is no longer valid */
  readonly expiryDay: number;
  /** 32 bytes, H(salt ‖ URI ‖ H(SPKI)) */
  readonly subject: Uint8Array;
  /** seeded ciphertext, one length per parameter set */
  readonly bytes: Uint8Array;
  /** 64 bytes, Ed25519 of the key holder's selector key over `selectorMessage` */
  readonly signature: Uint8Array;
}

/** Whose selectors these are: part of every signature, pinned by whoever verifies. */
export interface SelectorIssuer {
  readonly keyHolderId: string;
  readonly parameterSet: string;
}

/** What the key holder signs. The ciphertext enters by its hash. */
export const selectorMessage = (issuer: SelectorIssuer, selector: Omit<Selector, 'signature'>): Uint8Array =>
  frame(
    labels.selector,
    issuer.keyHolderId,
    issuer.parameterSet,
    selector.keyEpoch,
    selector.period,
    selector.selectorId,
    selector.cohort,
    selector.expiryDay,
    selector.subject,
    createHash('sha256').update(selector.bytes).digest(),
  );
