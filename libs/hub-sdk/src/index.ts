/**
 * What a hub installs (docs/hub-guide.md), also as the package `@nymtally/hub-sdk`. Imports contracts, audit, mimi, jose and zod only;
 * knows no account and no process of the provider's.
 */
export { HubClient } from './hub-client.js';
export type { AbuseReport, FrankedReport, HubClientOptions, SendOptions } from './hub-client.js';
export { decodeAbuseReport, encodeAbuseReport, MimiRefused } from '#mimi';
export type { AbuseReport as MimiAbuseReport, AbusiveMessage, ComponentData, Frank } from '#mimi';
export type { ManifestProof } from '#audit';
export type { ProofOptions } from './questions/manifest-check.js';
export {
  DeliveryFailed,
  KeysUnavailable,
  NoticeRefused,
  ProofRefused,
  ProofUnavailable,
  SetRejected,
  StatusListRefused,
  StatusUnavailable,
  StreamRefused,
  StreamUnavailable,
  TokenUnavailable,
} from './errors.js';
export type { NoticeError } from './errors.js';
export { readStatusList, statusIn } from './status-lists/read-list.js';
export type { ListRules, StatusList } from './status-lists/read-list.js';
export { signSet } from './signed-set.js';
export type { HubSigningKey, SetContent, SignedSet } from './signed-set.js';
export type { Outbox } from './outbox.js';
export { defaultRetry } from './backoff.js';
export type { RetryRules } from './backoff.js';
export { deliveryMethods, eventTypes, noticeTypes, streamEventTypes, streamScopes } from '#contracts';
export type { DryRunAnswer, EventType, NoticeType, StreamStatus } from '#contracts';
export { ClientCredentials } from './streams/access-tokens.js';
export type { AccessTokens, ClientCredentialsOptions } from './streams/access-tokens.js';
export { discover, metadataUrl } from './streams/metadata.js';
export type { DiscoverOptions, ProviderMetadata } from './streams/metadata.js';
export { StreamClient } from './streams/stream-client.js';
export type { Stream, StreamClientOptions } from './streams/stream-client.js';
export type { Notice, OtherNotice, PseudonymNotice, StreamNotice, VerificationNotice } from './notices/notice.js';
export { NoticeVerifier } from './notices/verify-notice.js';
export type { NoticeVerifierOptions } from './notices/verify-notice.js';
export { RecentNotices } from './notices/seen-notices.js';
export type { SeenNotices } from './notices/seen-notices.js';
export { AskedStates } from './notices/verification-states.js';
export type { VerificationStates } from './notices/verification-states.js';
export { pushReceiver } from './notices/push-receiver.js';
export type { PushReceiverOptions } from './notices/push-receiver.js';
export { poll } from './notices/poll.js';
export type { PollOptions } from './notices/poll.js';
