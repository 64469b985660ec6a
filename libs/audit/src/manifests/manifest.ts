/**
 * What a manifest says (protocol.md §5): the correlator signs the Merkle root over every SET that arrived in an epoch, and the
 * moderators' decisions on SETs. Here because the correlator makes it, nyms proves it and a hub checks it. Pure.
 */
import { frame, labels } from '#contracts';

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

export const manifestMessage = ({ epoch, size, root, policyDigest, closedDay }: Manifest): Uint8Array =>
  frame(labels.manifest, epoch, size, root, policyDigest, closedDay);
