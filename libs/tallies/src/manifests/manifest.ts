/**
 * A manifest closes an epoch: the Merkle root over every stored SET, and every moderator's decision on one, that is in no earlier
 * manifest (protocol.md §5). The first manifest that names a SET makes its arrival epoch. Order is by hub and jti, never by arrival.
 * Pure.
 */
import { manifestLeaf, MerkleRoot, type ManifestEntry } from '#audit';
import { utf8 } from '#contracts';

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
