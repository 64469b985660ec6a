/**
 * What becomes of a verified signal (protocol.md §4): it weighs, waits for a moderator, takes another back, or is kept without effect.
 * Pure: no score is computed and no number stored here.
 */
import { eventPayloads, isEventType } from '#contracts';
import type { EventType } from '#contracts';
import { isRetraction } from './claims.js';
import { franksOf, readEvidence } from './evidence.js';
import type { AbuseSignal } from './signal.js';

export type Assessment =
  | {
      readonly outcome: 'counted' | 'held';
      readonly eventType: EventType;
      readonly payload: Readonly<Record<string, unknown>>;
      /** Of a report's messages: each counts once per hub. Left out where there are none. */
      readonly franks?: readonly string[];
    }
  /** an unban or retract; `names` is the jti it takes back */
  | { readonly outcome: 'retraction'; readonly eventType: EventType; readonly names: string }
  | { readonly outcome: 'ignored'; readonly why: 'unknown-type' | 'malformed-payload' | 'unknown-pseudonym' };

export interface AssessRules {
  /** Is there a pseudonym of ours with this URI? */
  readonly isKnown: boolean;
  /** The policy's hold rules (libs/policy `mustBeHeld`). */
  mustBeHeld(type: EventType, payload: unknown): boolean;
}

export function assess(
  { eventType, payload, uri }: Pick<AbuseSignal, 'eventType' | 'payload' | 'uri'>,
  { isKnown, mustBeHeld }: AssessRules,
): Assessment {
  if (!isEventType(eventType)) return { outcome: 'ignored', why: 'unknown-type' };
  const parsed = eventPayloads[eventType].safeParse(payload);
  if (!parsed.success) return { outcome: 'ignored', why: 'malformed-payload' };
  // a retraction goes by hub and jti, so it holds even when its own subject is gone
  if (isRetraction(eventType)) return { outcome: 'retraction', eventType, names: (parsed.data as { jti: string }).jti };
  const evidence = readEvidence(uri, parsed.data);
  if (evidence === 'malformed') return { outcome: 'ignored', why: 'malformed-payload' };
  if (!isKnown) return { outcome: 'ignored', why: 'unknown-pseudonym' };
  const outcome = mustBeHeld(eventType, parsed.data) ? 'held' : 'counted';
  const seen = { outcome, eventType, payload: parsed.data } as const;
  return evidence?.messages.length ? { ...seen, franks: franksOf(evidence) } : seen;
}
