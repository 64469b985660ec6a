/**
 * A manifest closes an epoch: the Merkle root over every stored SET, and every moderator's decision on one, that is in no earlier
 * manifest (protocol.md §5). The first manifest that names a SET makes its arrival epoch. Order is by hub and jti, never by arrival.
 * Pure.
 */
import { frame, labels, utf8 } from '#contracts';
import { inclusionProof, MerkleRoot } from '#audit';

/** A SET, or (with `decisionHash`) a decision on that SET. */
export interface ManifestEntry {
  readonly hub: string;
  readonly jti: string;
  /** SHA-256 of the compact token. */
  readonly setHash: Uint8Array;
  /** SHA-256 of the canonical statement. */
  readonly decisionHash?: Uint8Array | undefined;
}

/** What the correlator signs of an epoch. */
export interface Manifest {
  readonly epoch: number;
  readonly size: number;
  /** RFC 9162 root over the entries, 32 bytes. */
  readonly root: Uint8Array;
  /** Of the policy that was live when the epoch was closed: it weighs this epoch's tallies. */
  readonly policyDigest: Uint8Array;
  /** Day of closing: it says which selectors are the newest (`selectorPeriod`). */
  readonly closedDay: number;
}

export const manifestLeaf = ({ hub, jti, setHash, decisionHash }: ManifestEntry): Uint8Array =>
  frame(hub, jti, setHash, decisionHash ?? new Uint8Array());

const none = new Uint8Array();

/** By hub, jti (UTF-8 bytes), the SET before its decisions, those by hash. The same order as PostgreSQL's collation "C". */
export const compareEntries = (a: ManifestEntry, b: ManifestEntry): number =>
  compareText(a.hub, b.hub) || compareText(a.jti, b.jti) || Buffer.compare(a.decisionHash ?? none, b.decisionHash ?? none);

const compareText = (a: string, b: string): number => (a === b ? 0 : Buffer.compare(utf8(a), utf8(b)));

/** Takes entries in order, one at a time. */
export class ManifestRoot {
  readonly #tree = new MerkleRoot();
  #last: ManifestEntry | undefined;

  /** @throws RangeError when an entry stands twice or out of order. */
  add(entry: ManifestEntry): void {
    if (this.#last && compareEntries(this.#last, entry) >= 0) throw new RangeError('manifest entries are out of order');
    this.#last = entry;
    this.#tree.add(manifestLeaf(entry));
  }

  get size(): number {
    return this.#tree.size;
  }

  root(): Uint8Array {
    return this.#tree.root();
  }
}

export const manifestMessage = ({ epoch, size, root, policyDigest, closedDay }: Manifest): Uint8Array =>
  frame(labels.manifest, epoch, size, root, policyDigest, closedDay);

/** Proof that an entry is in a manifest, for the hub that sent it. @param entries all entries, in order. */
export function entryProof(
  entries: readonly ManifestEntry[],
  entry: ManifestEntry,
): { index: number; path: Uint8Array[] } | undefined {
  const index = entries.findIndex((other) => compareEntries(other, entry) === 0);
  return index < 0 ? undefined : { index, path: inclusionProof(entries.map(manifestLeaf), index) };
}
