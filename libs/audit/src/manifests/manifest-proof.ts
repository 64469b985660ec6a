/** A hub's proof that its SET is in a signed manifest: nobody could leave it out of the tallies unseen (protocol.md §5). Pure. */
import type { z } from 'zod';
import type { manifestProof } from '#contracts';
import { verifyWith } from '../notes/ed25519.js';
import { isIncluded } from '../trees/proof-checks.js';
import { manifestLeaf, manifestMessage } from './manifest.js';

export type ManifestProof = z.output<typeof manifestProof>;

/** @param correlator its public key, 32 bytes, pinned. @throws RangeError for a key of another length */
export const isInManifest = ({ entry, index, path, signature, ...manifest }: ManifestProof, correlator: Uint8Array): boolean =>
  verifyWith(correlator)(manifestMessage(manifest), signature) &&
  isIncluded(manifestLeaf(entry), index, manifest.size, path, manifest.root);
