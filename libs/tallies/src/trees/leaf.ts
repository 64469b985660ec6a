/**
 * What correlator and witness sign: one Merkle tree per (epoch, side, policy) over a header leaf and one leaf per encrypted tally, in
 * canonical JSON (RFC 8785), protocol.md §5. The key holder opens nothing that is not a leaf of a completely attested tree.
 *
 * Pure. Knows counts, sums and digests; no pseudonym, no selector id, no account.
 */
import { z } from 'zod';
import { canonicalBytes, frame, labels, sides, type Side } from '#contracts';
import { digestText } from '../digest.js';
import { MerkleRoot } from '#audit';

const count = z.int().nonnegative();

/** By which policy a tree weighs: the one its epoch was closed under, or a shadow of it, which is only counted. */
export const tallyPolicies = ['live', 'shadow'] as const;
export type TallyPolicy = (typeof tallyPolicies)[number];

/** Which tree: there is one of each. */
export interface TreeName {
  readonly epoch: number;
  readonly side: Side;
  readonly policy: TallyPolicy;
}

/** Leaf 0. Everything that all tallies of the tree have in common, and what must hold before any is opened. */
export const treeHeader = z.strictObject({
  v: z.literal(1),
  epoch: z.int().positive(),
  side: z.enum(sides),
  policy: z.enum(tallyPolicies),
  parameterSet: z.string().min(1).max(64),
  /** `buildId` of the evaluation scheme: what computed the ciphertexts. */
  build: z.string().min(1).max(128),
  /** Of the policy it weighs by. */
  policyDigest: digestText,
  /** Root of this epoch's manifest. */
  manifestRoot: digestText,
  /** The last decided epoch of this side when the tree was made; 0 = none yet. */
  since: count,
  /** Distinct pseudonyms with a counted signal that arrived after `since`, without those of the f busiest operators. */
  newPseudonyms: count,
  /** Digest of the objection lists of the window. */
  objections: digestText,
  /** Digest of the selector ids that were folded: tells a selector stored meanwhile from a disagreement. */
  selectors: digestText,
  /** Number of tallies behind the header. */
  leaves: count,
});
export type TreeHeader = z.output<typeof treeHeader>;

/** One ciphertext, as far as it differs from the others of its tree. */
export const tally = z.strictObject({
  cohort: count,
  keyEpoch: count,
  hub: z.string().min(1).max(255),
  /** Distinct pseudonyms in the sum. */
  pseudonyms: z.int().positive(),
  /** Σ total, in weight units × decay.scale = Σ of all slots. */
  weightSum: z.int().positive(),
  /** Σ total²: bounds the noise. */
  squareSum: z.int().positive(),
  /** SHA-256 of the ciphertext's bytes. */
  ciphertext: digestText,
});
export type Tally = z.output<typeof tally>;

/** The full leaf of a tally: the header's common fields and its own. */
export function leafOf(header: TreeHeader, own: Tally) {
  const { v, epoch, side, policy, parameterSet, build, policyDigest, manifestRoot } = header;
  return { v, epoch, side, policy, parameterSet, build, policyDigest, manifestRoot, ...own };
}

/** Order of the tallies in a tree: cohort, key epoch, hub. Negative, 0 or positive. */
export function compareTallies(
  a: Pick<Tally, 'cohort' | 'keyEpoch' | 'hub'>,
  b: Pick<Tally, 'cohort' | 'keyEpoch' | 'hub'>,
): number {
  return a.cohort - b.cohort || a.keyEpoch - b.keyEpoch || Number(a.hub > b.hub) - Number(a.hub < b.hub);
}

/** Are these all tallies the header speaks of, each (cohort, key epoch, hub) once and in order? */
export const areTalliesOf = (header: TreeHeader, tallies: readonly Tally[]): boolean =>
  header.leaves === tallies.length && tallies.every((own, at) => at === 0 || compareTallies(tallies[at - 1] as Tally, own) < 0);

/** RFC 9162 root over header and tallies. @throws RangeError when the tallies are not exactly those of the header. */
export function treeRoot(header: TreeHeader, tallies: readonly Tally[]): Uint8Array {
  if (!areTalliesOf(header, tallies)) throw new RangeError('tallies do not fit their header');
  const tree = new MerkleRoot();
  tree.add(canonicalBytes(header));
  for (const own of tallies) tree.add(canonicalBytes(leafOf(header, own)));
  return tree.root();
}

/** What correlator and witnesses sign. */
export const attestationMessage = ({ epoch, side, policy }: TreeName, root: Uint8Array): Uint8Array =>
  frame(labels.attestation, epoch, side, policy, root);
