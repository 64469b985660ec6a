/** Tallies: manifests, leaves, folds, attestations, and what must hold before anything is decided (protocol.md §5). No key, no account. */
export { digestText, fromText, signatureText, toText } from './digest.js';
export { compareEntries, ManifestRoot } from './manifests/manifest.js';
export { ManifestsRepository } from './manifests/manifests.repository.js';
export type { EarlierEntry, SignedManifest, StoredEntry, StoredRuling } from './manifests/manifests.repository.js';
export { Objections, objectionList, objectionsMessage, objectionTo, setKey } from './manifests/objections.js';
export type { ObjectionEntry, ObjectionLists, ObjectionReason } from './manifests/objections.js';
export { ObjectionsRepository } from './manifests/objections.repository.js';
export {
  areTalliesOf,
  attestationMessage,
  compareTallies,
  leafOf,
  tally,
  tallyPolicies,
  treeHeader,
  treeRoot,
} from './trees/leaf.js';
export type { Tally, TallyPolicy, TreeHeader, TreeName } from './trees/leaf.js';
export { sinceOf, TreesRepository } from './trees/trees.repository.js';
export type { Outcome, StoredAttestation, StoredTree, WrittenTree } from './trees/trees.repository.js';
export {
  decisionHeader,
  decisionHeaderMaxBytes,
  DecisionStreamRefused,
  readDecision,
  writeDecision,
} from './trees/decision-stream.js';
export type { Decision, DecisionHeader } from './trees/decision-stream.js';
export { attestersOf, isSignedBy, readAttesters } from './trees/attesters.js';
export type { Attesters } from './trees/attesters.js';
export { readPin } from './selectors/pinned-key-holder.js';
export type { KeyHolderPin } from './selectors/pinned-key-holder.js';
export { chooseSelectors, livedInWindow, selectorPeriod, selectorsDigest, windowDays } from './selectors/selector-choice.js';
export type { SelectorHead } from './selectors/selector-choice.js';
export { SelectorsRepository } from './selectors/selectors.repository.js';
export { VerifiedSelectors } from './selectors/verified-selectors.js';
export type { RefusedSelector, StoredSelector } from './selectors/verified-selectors.js';
export { SideTotals } from './totals/side-totals.js';
export type { HubTotal } from './totals/side-totals.js';
export { WindowTotals, windowStart } from './totals/window-totals.js';
export type { EpochContents, SignalRuling, WindowRules } from './totals/window-totals.js';
export { policyOf, readWindow, rulingOf, signalOf, WindowRefused } from './totals/window-reader.js';
export type { KnownPolicies, ReadWindow, WindowInput } from './totals/window-reader.js';
export { foldSide } from './folds/fold-side.js';
export type { FoldedSide, FoldOptions, SideInput, TallySink, WeighingPolicy } from './folds/fold-side.js';
export type { FoldTools, Refusal } from './folds/fold-cohort.js';
export { RetryPause } from './retry-pause.js';
export { FOLD_TOOLS, TalliesModule } from './tallies.module.js';
export type { TalliesOptions } from './tallies.module.js';
export { busy, inTransaction, locks, withLock } from './transaction.js';
