/**
 * An abuse signal: what one verified Security Event Token says (RFC 8417; protocol.md §4), and why a token is refused (RFC 8935).
 *
 * Pure types. Knows a hub, a pseudonym and an event; never an account. Whether it weighs is decided later (`assess`).
 */
import type { HubId, SetError } from '#contracts';
import type { PublicJwk } from './hub-key.js';

export interface AbuseSignal {
  readonly hub: HubId;
  /** unique per hub: the replay key */
  readonly jti: string;
  /** `sub_id.uri`; starts with `mimi://`, may name no pseudonym of ours */
  readonly uri: string;
  /** any event type URI; ours are in #contracts `eventTypes` */
  readonly eventType: string;
  /** the event's object as signed, not yet validated against its type */
  readonly payload: Readonly<Record<string, unknown>>;
  /** jti that an unban or retract names */
  readonly names?: string;
  /** `iat`, seconds since 1970 */
  readonly issuedAt: number;
}

export interface VerifiedSet {
  readonly signal: AbuseSignal;
  /** compact JWS as it came */
  readonly token: string;
  /** SHA-256 of the token's ASCII, 32 bytes */
  readonly setHash: Uint8Array;
  /** the hub's key that verified it, public members only */
  readonly jwk: PublicJwk;
}

/** A SET that is not taken: `err` of RFC 8935 §2.4 and our own words, which never repeat a value of the token. */
export class SetRefused extends Error {
  override readonly name = 'SetRefused';

  constructor(
    readonly err: SetError,
    readonly description: string,
  ) {
    super(description);
  }
}
