/**
 * Verification of one SET (RFC 8417, RFC 8935 §2; SSF profile of protocol.md §4), in the order in which less trust is needed:
 * outside → issuer known → key and signature → audience → claims → access. So a forger learns nothing of a hub's standing, and
 * only a hub itself hears that it is suspended.
 *
 * Used by nyms at intake and by the witness on stored tokens. Does no I/O of its own: keys come through the interface.
 */
import { createHash } from 'node:crypto';
import type { HubEntry } from '#contracts';
import { readClaims, requireAudience } from './claims.js';
import { parseSet } from './compact-jws.js';
import type { ParsedJws } from './compact-jws.js';
import type { HubKey } from './hub-key.js';
import { SetRefused } from './signal.js';
import type { VerifiedSet } from './signal.js';
import { readStreamEvent } from './stream-event.js';
import type { StreamEvent } from './stream-event.js';

/** What verification needs to know of a hub: a part of its entry in the signed policy. */
export type KnownHub = Pick<HubEntry, 'id' | 'status' | 'keys' | 'jwksUrl' | 'revokedKids' | 'transmitter'>;

export interface SetRules {
  /** `aud` that names us */
  readonly audience: string;
  /** Time of arrival; `undefined` skips the age of `iat`. */
  readonly now: Date | undefined;
  hubOf(issuer: string): KnownHub | undefined;
  /** The hub's key of this id, or undefined. Throws Problem `service-unavailable` when nobody can say right now. */
  keyOf(hub: KnownHub, kid: string): HubKey | undefined | Promise<HubKey | undefined>;
}

/** What a hub sends: a signal, or word of its own stream. */
export type HubSet = { readonly set: VerifiedSet } | { readonly stream: StreamEvent };

/** @throws SetRefused; also for a stream event: only signals are stored, so only they are verified again */
export async function verifySet(token: string, rules: SetRules): Promise<VerifiedSet> {
  const said = await verifyHubSet(token, rules);
  if ('set' in said) return said.set;
  throw new SetRefused('invalid_request', 'an event about the stream is no signal');
}

/** @throws SetRefused */
export async function verifyHubSet(token: string, rules: SetRules): Promise<HubSet> {
  const parsed = parseSet(token);
  const { hub, key } = await authenticate(parsed, rules);
  requireAudience(parsed.claims, rules.audience);
  const stream = readStreamEvent(parsed.claims, rules.now);
  if (stream) {
    requireStream(hub, stream);
    requireActive(hub);
    return { stream };
  }
  const signal = readClaims(parsed.claims, rules.now);
  requireActive(hub);
  return { set: { signal, token, setHash: setHashOf(token), jwk: key.jwk } };
}

/** Whose key signed it? The first half of every check of a hub's word. @throws SetRefused `invalid_issuer`, `invalid_key`, `authentication_failed` */
export async function authenticate(
  { alg, kid, issuer, signingInput, signature }: ParsedJws,
  { hubOf, keyOf }: Pick<SetRules, 'hubOf' | 'keyOf'>,
): Promise<{ hub: KnownHub; key: HubKey }> {
  const hub = hubOf(issuer);
  if (!hub) throw new SetRefused('invalid_issuer', 'iss is not a hub of the policy');
  if (hub.revokedKids.includes(kid)) throw new SetRefused('invalid_key', 'the key is revoked');
  const key = await keyOf(hub, kid);
  if (!key) throw new SetRefused('authentication_failed', 'kid names no key of this hub');
  if (!key.verifies(alg, signingInput, signature)) throw new SetRefused('authentication_failed', 'the signature does not fit');
  return { hub, key };
}

export function requireActive({ status }: KnownHub): void {
  if (status === 'suspended') throw new SetRefused('access_denied', 'this hub is suspended');
}

/** Of a hub whose stream we know, only that one. */
function requireStream({ transmitter }: KnownHub, { streamId }: StreamEvent): void {
  if (transmitter && transmitter.streamId !== streamId)
    throw new SetRefused('invalid_request', 'sub_id names no stream of this hub');
}

/** SHA-256 of the token's ASCII, 32 bytes: what manifests list. */
export const setHashOf = (token: string): Uint8Array => new Uint8Array(createHash('sha256').update(token, 'latin1').digest());
