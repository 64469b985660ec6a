/**
 * Events about a hub's own stream (SSF 1.0 §8.1.4, §8.1.5): that it lives, and that it was paused, disabled or enabled. They name no
 * pseudonym and are never weighed or kept as signals. Pure.
 */
import { streamEventTypes, streamPayloads, streamSetClaims } from '#contracts';
import type { HubId, StreamStatus } from '#contracts';
import { claimsOf, refused, requireStorable } from './claims.js';

export interface StreamEvent {
  readonly hub: HubId;
  readonly jti: string;
  /** `sub_id.id` */
  readonly streamId: string;
  /** `iat`, seconds since 1970 */
  readonly issuedAt: number;
  readonly said:
    { readonly kind: 'verification'; readonly state?: string } | { readonly kind: 'updated'; readonly status: StreamStatus };
}

/** Undefined for claims that are about something else. @throws SetRefused `invalid_request` */
export function readStreamEvent(claims: Readonly<Record<string, unknown>>, now: Date | undefined): StreamEvent | undefined {
  const { events } = claims;
  const types = Object.keys(typeof events === 'object' && events !== null ? events : {});
  if (!types.some((type) => Object.hasOwn(streamPayloads, type))) return undefined;
  const parsed = claimsOf(streamSetClaims, claims, now);
  const said = saidIn(parsed.events);
  requireStorable(parsed.sub_id.id, ...(said.kind === 'verification' && said.state !== undefined ? [said.state] : []));
  return { hub: parsed.iss as HubId, jti: parsed.jti, streamId: parsed.sub_id.id, issuedAt: parsed.iat, said };
}

function saidIn(events: Readonly<Record<string, unknown>>): StreamEvent['said'] {
  const updated = streamPayloads[streamEventTypes.streamUpdated].safeParse(events[streamEventTypes.streamUpdated]);
  if (updated.success) return { kind: 'updated', status: updated.data.status };
  const verification = streamPayloads[streamEventTypes.verification].safeParse(events[streamEventTypes.verification]);
  if (!verification.success) throw refused('the stream event does not fit its type');
  const { state } = verification.data;
  return { kind: 'verification', ...(state !== undefined && { state }) };
}
