/**
 * The plain twin: what the service must decide, from the truth alone, by the plainest arithmetic there is. It is the oracle of the
 * scenario, and with f = 0 it says which honest accounts one hostile hub would have suspended without the trimmed sum.
 */
import type { PlannedSignal } from './signals-plan.js';

export interface TwinPolicy {
  readonly f: number;
  readonly clip: number;
  readonly threshold: number;
  readonly capPerHubAndPseudonym: number;
  readonly scale: number;
  /** decay table, by age in epochs */
  readonly decay: readonly number[];
  /** weight of a signal; undefined = counts for nobody */
  readonly weightOf: (signal: PlannedSignal) => number | undefined;
}

/** A signal and the epoch its manifest closed. */
export interface ArrivedSignal {
  readonly signal: PlannedSignal;
  readonly epoch: number;
}

/** Scores by account and hub (every hub is its own operator here), in weight units × scale. */
export function scores(signals: readonly ArrivedSignal[], epoch: number, policy: TwinPolicy): Map<number, Map<number, number>> {
  const totals = new Map<string, { account: number; hub: number; units: number }>();
  for (const { signal, epoch: arrived } of signals) {
    const weight = signal.retracted ? undefined : policy.weightOf(signal);
    const decay = policy.decay[epoch - arrived];
    if (weight === undefined || !signal.about || !decay) continue;
    const key = `${signal.hub}/${signal.about.account}/${signal.about.pseudonym}`;
    const total = totals.get(key) ?? { account: signal.about.account, hub: signal.hub, units: 0 };
    total.units += weight * decay;
    totals.set(key, total);
  }
  const byAccount = new Map<number, Map<number, number>>();
  for (const { account, hub, units } of totals.values()) {
    const hubs = byAccount.get(account) ?? new Map<number, number>();
    hubs.set(hub, (hubs.get(hub) ?? 0) + Math.min(units, policy.capPerHubAndPseudonym * policy.scale));
    byAccount.set(account, hubs);
  }
  return byAccount;
}

/** Does the trimmed sum of these operators' scores cross? */
export function crosses(operators: Iterable<number>, { f, clip, threshold, scale }: TwinPolicy): boolean {
  const clipped = [...operators].map((score) => Math.min(score, clip * scale)).sort((a, b) => b - a);
  return clipped.slice(f).reduce((sum, score) => sum + score, 0) >= threshold * scale;
}

/** Accounts that cross in this epoch. */
export function crossing(signals: readonly ArrivedSignal[], epoch: number, policy: TwinPolicy): Set<number> {
  return new Set(
    [...scores(signals, epoch, policy)].filter(([, hubs]) => crosses(hubs.values(), policy)).map(([account]) => account),
  );
}
