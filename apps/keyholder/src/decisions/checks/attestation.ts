/** Is this whole tree attested: one pinned correlator and enough pinned witnesses have signed exactly its root (protocol.md §5)? Pure. */
import { fromBase64Url, toBase64Url } from '#contracts';
import { verify } from '#platform';
import { attestationMessage, treeRoot, type DecisionHeader } from '#tallies';
import type { Attesters } from './attesters.js';

export interface AttestedTree {
  /** RFC 9162 root, 32 bytes. */
  readonly root: Uint8Array;
  /** Witnesses whose signatures hold. */
  readonly witnesses: number;
}

/** What the log says of a tree. */
export const treeCounts = (
  { header: { epoch, side, newPseudonyms }, tallies }: DecisionHeader,
  { root, witnesses }: AttestedTree,
  policy: { readonly version: number },
) => ({ epoch, side, root: toBase64Url(root), policyVersion: policy.version, tallies: tallies.length, newPseudonyms, witnesses });

/** @returns undefined unless the attestation is complete. The root is computed from the leaves: a missing or changed one shows here. */
export function attestedTree(
  { header, tallies, correlator, witnesses }: DecisionHeader,
  attesters: Attesters,
): AttestedTree | undefined {
  const root = treeRoot(header, tallies);
  const message = attestationMessage(header, root);
  const holds = (key: Uint8Array | undefined, signature: string) =>
    key !== undefined && verify(key, message, fromBase64Url(signature));
  if (!holds(attesters.correlators.get(correlator.id), correlator.signature)) return undefined;
  // the header's schema refuses an id that stands twice, and pinned keys are distinct
  const valid = witnesses.filter(({ id, signature }) => holds(attesters.witnesses.get(id), signature)).length;
  return valid >= attesters.needed ? { root, witnesses: valid } : undefined;
}
