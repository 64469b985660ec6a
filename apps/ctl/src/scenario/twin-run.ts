/** The plain twin over a whole run: sticky suspensions, one reinstatement with its baseline, and the same world with f = 0. */
import type { PolicyDocument } from '#contracts';
import type { Missed } from './report.js';
import type { PlannedSignal } from './signals-plan.js';
import { crosses, scores } from './twin.js';
import type { ArrivedSignal, TwinPolicy } from './twin.js';
import type { PlannedAccount, World } from './world.js';

/** Weight units of each planned signal under a policy; what is missing weighs nothing on the negative side. */
export function twinPolicy(document: PolicyDocument): TwinPolicy {
  const { weights, negative, decay, capPerHubAndPseudonym } = document;
  const units: Partial<Record<PlannedSignal['what'], number>> = {
    'verified-report': weights.abuseReport.hubVerified,
    'unverified-report': weights.abuseReport.other,
    'hub-ban': weights.ban.hub,
  };
  return { ...negative, capPerHubAndPseudonym, scale: decay.scale, decay: decay.table, weightOf: (signal) => units[signal.what] };
}

export class Twin {
  readonly suspended = new Set<number>();
  readonly suspendedWithoutTrim = new Set<number>();
  private readonly signals: ArrivedSignal[] = [];
  private readonly policy: TwinPolicy;
  private readonly baselines = new Map<number, Map<number, number>>();
  private epoch = 0;
  epochs = 0;

  constructor(
    private readonly world: World,
    document: PolicyDocument,
  ) {
    this.policy = twinPolicy(document);
  }

  /** What was pushed in `epoch`, and the decision on it. */
  decide(epoch: number, signals: readonly PlannedSignal[]): void {
    this.epochs++;
    this.epoch = epoch;
    this.signals.push(...signals.map((signal) => ({ signal, epoch })));
    for (const [account, hubs] of scores(this.signals, epoch, this.policy)) {
      const baseline = this.baselines.get(account);
      const since = [...hubs].map(([hub, score]) => {
        const base = Math.min(baseline?.get(hub) ?? 0, score);
        baseline?.set(hub, base);
        return score - base;
      });
      if (crosses(since, this.policy)) this.suspended.add(account);
      if (crosses(hubs.values(), { ...this.policy, f: 0 })) this.suspendedWithoutTrim.add(account);
    }
  }

  /** Reinstated before the epoch decided last: its scores there are the baseline. */
  reinstated(account: number): void {
    this.suspended.delete(account);
    this.baselines.set(account, new Map(scores(this.signals, this.epoch, this.policy).get(account)));
  }

  missed(plan: PlannedAccount): Missed {
    const hubs = scores(this.signals, this.epoch, this.policy).get(plan.index) ?? new Map<number, number>();
    const { f, clip, threshold, scale } = this.policy;
    const clipped = [...hubs.values()].map((score) => Math.min(score, clip * scale)).sort((a, b) => b - a);
    const score = Math.floor(clipped.slice(f).reduce((sum, each) => sum + each, 0) / scale);
    return {
      pseudonyms: plan.hubs.length,
      reportedAt: this.world.hubs.filter(({ index }) => hubs.has(index)).length,
      score,
      threshold,
    };
  }
}
