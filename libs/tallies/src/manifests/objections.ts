/**
 * What a witness could not verify, signed before the fold (protocol.md §5): an objected SET counts for nobody, an objected decision
 * decides nothing, and one hub cannot stop decisions by what it sends. Pure.
 */
import { z } from 'zod';
import { canonicalBytes, frame, labels } from '#contracts';
import { digestText, toText } from '../digest.js';
import { sha256, type ManifestEntry } from '#audit';

export const objection = z.strictObject({
  hub: z.string().max(255),
  jti: z.string().max(128),
  /** The objection is to this decision on the SET, not to the SET. */
  decision: digestText.optional(),
  reason: z.enum(['missing', 'altered', 'unverified', 'decision']),
});
export type ObjectionReason = z.output<typeof objection>['reason'];
export type ObjectionEntry = z.output<typeof objection>;
/** In manifest order; an empty list says that all was verified. */
export const objectionList = z.array(objection);

export const objectionTo = ({ hub, jti, decisionHash }: ManifestEntry, reason: ObjectionReason): ObjectionEntry =>
  decisionHash ? { hub, jti, decision: toText(decisionHash), reason } : { hub, jti, reason };

/** What the witness signs. */
export const objectionsMessage = (epoch: number, list: readonly ObjectionEntry[]): Uint8Array =>
  frame(labels.objections, epoch, canonicalBytes(list));

/** One witness's list for one epoch; its signature has been checked. */
export interface ObjectionLists {
  readonly epoch: number;
  readonly witness: string;
  readonly list: readonly ObjectionEntry[];
}

/** The lists of a window: what they take away, and the digest that the header leaf carries. */
export class Objections {
  readonly #sets = new Set<string>();
  readonly #decisions = new Set<string>();
  /** SHA-256 over all lists by epoch and witness, 32 bytes. */
  readonly digest: Uint8Array;

  constructor(lists: readonly ObjectionLists[]) {
    const ordered = lists.toSorted((a, b) => a.epoch - b.epoch || Number(a.witness > b.witness) - Number(a.witness < b.witness));
    this.digest = sha256(frame(...ordered.flatMap(({ epoch, witness, list }) => [epoch, witness, sha256(canonicalBytes(list))])));
    for (const { hub, jti, decision } of ordered.flatMap(({ list }) => list)) {
      if (decision === undefined) this.#sets.add(setKey(hub, jti));
      else this.#decisions.add(decision);
    }
  }

  /** Against the SET itself. */
  toSet(hub: string, jti: string): boolean {
    return this.#sets.has(setKey(hub, jti));
  }

  toDecision(decisionHash: Uint8Array): boolean {
    return this.#decisions.has(toText(decisionHash));
  }
}

/** A SET's name as one string. The length keeps apart what a blank would not: rows may hold any text. */
export const setKey = (hub: string, jti: string): string => `${hub.length} ${hub} ${jti}`;
