/**
 * The key holder's pseudorandom function: HMAC-SHA256 (RFC 2104) under the secret k over frame(label, fields). What is drawn with it
 * needs no row to be drawn the same again: selector ids, cohorts, due times; and marks that no one without k can compute.
 */
import { createHmac } from 'node:crypto';
import { frame } from '#contracts';

/** One label per use; the only table of them. */
export const prfLabels = {
  /** of a ticket's jti: its spent mark */
  spent: 'nymtally/prf/spent/1',
  /** of H(wrapped): the selector's id */
  selectorId: 'nymtally/prf/selector-id/1',
  /** of H(wrapped): which open cohort */
  cohort: 'nymtally/prf/cohort/1',
  /** of H(wrapped): weeks after the period until expiry */
  weeks: 'nymtally/prf/weeks/1',
  /** of subject, period: the renewed selector's id */
  renewedId: 'nymtally/prf/renewed-id/1',
  /** of a renewed selector's id: which open cohort, when it moves to a newer key epoch */
  renewedCohort: 'nymtally/prf/renewed-cohort/1',
  /** of a renewed selector's id: the mark that its count has moved */
  renewed: 'nymtally/prf/renewed/1',
  /** of selectorId, force number: due time of a revocation */
  due: 'nymtally/prf/due/1',
  /** of a subject: mark of a pseudonym that a blind act has named, through all its renewals */
  named: 'nymtally/prf/named/1',
  /** of handle, moderator: who suspended it blindly */
  moderator: 'nymtally/prf/moderator/1',
  /** of a handle, or of a holder key: what stays of a deleted account */
  tombstone: 'nymtally/prf/tombstone/1',
  /** of nothing else: the key that requests lie sealed under */
  requests: 'nymtally/prf/requests/1',
  /** of nothing else: the key that proposals of the registrar lie sealed under */
  proposals: 'nymtally/prf/proposals/1',
} as const;
export type PrfLabel = (typeof prfLabels)[keyof typeof prfLabels];

export class Prf {
  readonly #key: Uint8Array;

  /** @param key 32 bytes */
  constructor(key: Uint8Array) {
    this.#key = Uint8Array.from(key);
  }

  /** 32 bytes. */
  bytes(label: PrfLabel, ...fields: ReadonlyArray<Uint8Array | string | number>): Uint8Array {
    return createHmac('sha256', this.#key)
      .update(frame(label, ...fields))
      .digest();
  }
}

/** A whole number below `bound`, even to within bound / 2^48. */
export const numberBelow = (bound: number, prf: Uint8Array): number =>
  Buffer.from(prf.buffer, prf.byteOffset).readUIntBE(0, 6) % bound;
