/** Signals: SETs of hubs, verified, stored once, assessed and taken back (protocol.md §4). Knows pseudonyms, never an account. */
export { SetRefused } from './signal.js';
export type { AbuseSignal, VerifiedSet } from './signal.js';
export { HubKey } from './hub-key.js';
export type { PublicJwk, SetAlgorithm } from './hub-key.js';
export { HubKeys } from './hub-keys.js';
export type { HubKeysOptions, KeyedHub } from './hub-keys.js';
export { fetchJwks } from './jwks-fetch.js';
export { readSet } from './read-set.js';
export { setHashOf, verifySet } from './verify-set.js';
export type { KnownHub, SetRules } from './verify-set.js';
export { IAT_AHEAD_MS, IAT_BACK_MS, isRetraction } from './claims.js';
export { assess } from './assess.js';
export type { Assessment, AssessRules } from './assess.js';
export { applyRetractions, takesBack } from './retractions.js';
export type { ArrivedSignal } from './retractions.js';
export { decisionHashOf, SignalsRepository } from './signals.repository.js';
export type { Decided, HeldSignal, Stored } from './signals.repository.js';
