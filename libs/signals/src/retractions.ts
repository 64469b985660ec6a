/**
 * Retractions (protocol.md §4, §5): an unban takes back a ban, a retract any weighing signal, of the same hub only, and only what was
 * there when it arrived. What takes back is never taken back itself: a retraction can only lower a sum, and no order or cycle of
 * them is ambiguous. Pure; the same for correlator, witness and the oracle of the tests.
 */
import { eventTypes } from '#contracts';
import { isRetraction } from './claims.js';

export interface ArrivedSignal {
  readonly hub: string;
  readonly jti: string;
  readonly eventType: string;
  /** jti that an unban or retract names */
  readonly names?: string | null | undefined;
  /** epoch of the manifest that first names the SET itself, whether or not it counted then */
  readonly epoch: number;
}

/**
 * What is left of `signals` at the end of the last epoch among them: no retractions, and nothing they take back.
 * Pass every retraction that names one of them, also one older than the window: a held signal may have been released after it.
 */
export function applyRetractions<T extends ArrivedSignal>(signals: readonly T[]): T[] {
  const takings = new Map<string, ArrivedSignal[]>();
  for (const signal of signals) {
    if (!isRetraction(signal.eventType) || signal.names === undefined || signal.names === null) continue;
    const key = keyOf(signal.hub, signal.names);
    takings.set(key, [...(takings.get(key) ?? []), signal]);
  }
  return signals.filter(
    (signal) =>
      !isRetraction(signal.eventType) && !takings.get(keyOf(signal.hub, signal.jti))?.some((by) => takesBack(by, signal)),
  );
}

/** Does this unban or retract remove that signal? */
export const takesBack = (by: ArrivedSignal, signal: ArrivedSignal): boolean =>
  by.hub === signal.hub &&
  by.names === signal.jti &&
  by.epoch >= signal.epoch &&
  !isRetraction(signal.eventType) &&
  (by.eventType === eventTypes.retract || (by.eventType === eventTypes.unban && signal.eventType === eventTypes.ban));

const keyOf = (hub: string, jti: string): string => JSON.stringify([hub, jti]);
