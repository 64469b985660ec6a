/** Tallies: manifests, leaves, folds, attestations, and what must hold before anything is decided (protocol.md §5). No key, no account. */
export { inclusionProof, isIncluded, leafHash, merkleRoot, MerkleRoot, sha256 } from './merkle.js';
export { compareEntries, entryProof, manifestLeaf, manifestMessage, ManifestRoot } from './manifest.js';
export type { Manifest, ManifestEntry } from './manifest.js';
export { areTalliesOf, attestationMessage, compareTallies, leafOf, tally, treeHeader, treeRoot } from './leaf.js';
export type { Tally, TreeHeader } from './leaf.js';
export { decisionHeader, decisionHeaderMaxBytes, DecisionStreamRefused, readDecision, writeDecision } from './decision-stream.js';
export type { Decision, DecisionHeader } from './decision-stream.js';
