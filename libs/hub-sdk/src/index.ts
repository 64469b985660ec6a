/** What a hub installs (docs/hub-guide.md). Imports contracts, audit, mimi and jose only; knows no account and no process of the provider's. */
export { HubClient } from './hub-client.js';
export type { AbuseReport, FrankedReport, HubClientOptions, SendOptions } from './hub-client.js';
export { decodeAbuseReport, encodeAbuseReport, MimiRefused } from '#mimi';
export type { AbuseReport as MimiAbuseReport, AbusiveMessage, ComponentData, Frank } from '#mimi';
export type { ManifestProof } from '#audit';
export type { ProofOptions } from './questions/manifest-check.js';
export { DeliveryFailed, ProofRefused, ProofUnavailable, SetRejected, StatusUnavailable } from './errors.js';
export { signSet } from './signed-set.js';
export type { HubSigningKey, SetContent, SignedSet } from './signed-set.js';
export type { Outbox } from './outbox.js';
export { defaultRetry } from './backoff.js';
export type { RetryRules } from './backoff.js';
