/**
 * Score arithmetic (protocol.md §4, §5): everything is an integer in weight units × decay.scale, so that every machine gets the same.
 * Pure. Used by correlator and witness for the fold and by the key holder for the decision. Knows payloads and policies, no person.
 */
import { eventTypes, type EventType, type PolicyDocument, type Side } from '#contracts';
import { hubOf, hubWeighsOn } from './hubs.js';

/** A verified signal, as far as its weight depends on it. */
export interface WeighedSignal {
  readonly type: EventType;
  /** Payload that passed `eventPayloads[type]`. */
  readonly payload: unknown;
  /** `iss` */
  readonly hub: string;
  /** Day of `iat`, signed by the hub: what decides whether it or its operator was new. */
  readonly day: number;
}

export interface SignalUnits {
  readonly side: Side;
  /** Weight × trust × decay, a non-negative integer in units × decay.scale, before any cap. */
  readonly units: number;
}

/** Plain weight of a signal in weight units; undefined for kinds that weigh nothing (unban, retract). */
export function signalWeight(
  { weights }: PolicyDocument,
  type: EventType,
  payload: unknown,
): { side: Side; weight: number } | undefined {
  const { hubVerified, by } = payload as { hubVerified?: boolean; by?: string };
  switch (type) {
    case eventTypes.abuseReport:
      return { side: 'negative', weight: hubVerified === true ? weights.abuseReport.hubVerified : weights.abuseReport.other };
    case eventTypes.ban:
      return { side: 'negative', weight: by === 'hub' ? weights.ban.hub : weights.ban.roomAdmin };
    case eventTypes.kick:
      return { side: 'negative', weight: weights.kick };
    case eventTypes.rate:
      return { side: 'negative', weight: weights.rate };
    case eventTypes.commend:
      return { side: 'positive', weight: weights.commend };
    default:
      return undefined;
  }
}

/**
 * What a signal adds in a tally `age` epochs after its arrival epoch (0 = the same epoch).
 * Nothing from a hub that the policy does not name, has suspended, holds in quarantine or keeps as a sandbox, that is on probation, or outside
 * the window.
 */
export function signalUnits(policy: PolicyDocument, signal: WeighedSignal, age: number): SignalUnits | undefined {
  const plain = signalWeight(policy, signal.type, signal.payload);
  if (!plain) return undefined;
  const hub = hubOf(policy, signal.hub);
  const decay = Number.isInteger(age) && age >= 0 && age < policy.windowEpochs ? (policy.decay.table[age] ?? 0) : 0;
  const counts = hub !== undefined && hubWeighsOn(policy, hub.id, signal.day);
  return { side: plain.side, units: counts ? Math.floor((plain.weight * hub.trust * decay) / 100) : 0 };
}

/** Most that one (hub, pseudonym, window) may weigh, in units × decay.scale: also the largest weight of a fold term. */
export const largestTotal = (policy: PolicyDocument): number => policy.capPerHubAndPseudonym * policy.decay.scale;

/** Sum of `signalUnits` of one (hub, pseudonym, side) → the total that is folded. */
export const cappedTotal = (policy: PolicyDocument, sum: number): number => Math.min(sum, largestTotal(policy));

/** Constants of the trimmed sum in units × decay.scale. */
export interface Trim {
  readonly f: number;
  readonly clip: number;
  readonly threshold: number;
}

export function trimOf(policy: PolicyDocument, side: Side): Trim {
  const { f, clip, threshold } = policy[side];
  return { f, clip: clip * policy.decay.scale, threshold: threshold * policy.decay.scale };
}

/** Largest value a slot can honestly hold when a handle has `pseudonyms` pseudonyms there (expired ones count as long as the window). */
export const largestSlot = (policy: PolicyDocument, pseudonyms: number): number =>
  Math.min(pseudonyms, 2 * policy.limits.maxPseudonyms) * largestTotal(policy);

/** Integer decay table: round(scale × 2^(−age/halfLife)) for each age in the window. */
export const decayTable = (windowEpochs: number, halfLife: number, scale: number): number[] =>
  Array.from({ length: windowEpochs }, (_, age) => Math.round(scale * 2 ** (-age / halfLife)));
