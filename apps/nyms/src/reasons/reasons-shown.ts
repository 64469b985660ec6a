/**
 * What a moderator is told of why a pseudonym was suspended: a band of operators and reasons, from signals about itself alone. The lowest band
 * holds everything from none to as many operators as it takes to cross by itself, without a reason: so a pseudonym that was revoked with
 * another of its account looks like one that was reported by few, or suspended by a moderator. Pure.
 */
import type { z } from 'zod';
import { eventTypes, reasonCodes } from '#contracts';
import type { EventType, PolicyDocument, suspensionReasons } from '#contracts';
import { hubOf, signalUnits } from '#policy';

export type SuspensionReasons = z.output<typeof suspensionReasons>;
type Reason = SuspensionReasons['reasons'][number];

/** A signal about the pseudonym that was tallied. */
export interface TalliedSignal {
  readonly hub: string;
  readonly type: EventType;
  readonly payload: unknown;
  /** Of `iat`. */
  readonly day: number;
}

/** A reason that fewer operators gave is theirs to tell. */
const leastPerReason = 3;
const kinds: Readonly<Partial<Record<EventType, Reason>>> = {
  [eventTypes.ban]: 'ban',
  [eventTypes.kick]: 'kick',
  [eventTypes.rate]: 'rate',
};
const order: readonly Reason[] = [...reasonCodes, 'ban', 'kick', 'rate'];

/** Most operators of the lowest band: as many as must speak for one pseudonym to cross without any other, and two at least. */
export const fewOperators = ({ negative: { f, clip, threshold } }: PolicyDocument): number =>
  Math.max(2, f + Math.ceil(threshold / clip));

export function reasonsShown(policy: PolicyDocument, signals: readonly TalliedSignal[]): SuspensionReasons {
  const operators = new Set<string>();
  const givenBy = new Map<Reason, Set<string>>();
  for (const signal of signals) {
    const operator = hubOf(policy, signal.hub)?.operator;
    const units = signalUnits(policy, signal, 0);
    if (operator === undefined || units?.side !== 'negative' || units.units === 0) continue;
    operators.add(operator);
    const reason = reasonOf(signal);
    if (reason) givenBy.set(reason, (givenBy.get(reason) ?? new Set<string>()).add(operator));
  }
  const few = fewOperators(policy);
  if (operators.size <= few) return { operators: { least: 0, most: few }, reasons: [] };
  const some = 2 * few + 1;
  return {
    operators: operators.size <= some ? { least: few + 1, most: some } : { least: some + 1 },
    reasons: order.filter((reason) => (givenBy.get(reason)?.size ?? 0) >= leastPerReason),
  };
}

function reasonOf({ type, payload }: TalliedSignal): Reason | undefined {
  if (type !== eventTypes.abuseReport) return kinds[type];
  const { reason } = payload as { reason?: string };
  return reasonCodes.find((code) => code === reason);
}
