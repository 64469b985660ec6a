/**
 * What the service must come to, written from protocol.md §4–§6 alone: one signal after the other, without indexes, folds or windows kept.
 * It knows whose every pseudonym is, which no process of the service does. Nothing of libs/ but types is used here.
 */
import type { PolicyDocument } from '#contracts';
import type { History, KnownPseudonym, ToldSet } from './history.js';
import type { SideName } from './judged.js';

interface Weighed {
  readonly set: ToldSet;
  readonly about: KnownPseudonym;
  readonly arrival: number;
  readonly units: number;
}
export interface Leaf {
  readonly pseudonyms: number;
  readonly weightSum: number;
  readonly squareSum: number;
}

export interface Standings {
  readonly suspended: Set<number>;
  /** Account of each suspension there was. */
  readonly suspensions: number[];
  /** Account of each reinstatement that ended one. */
  readonly reinstated: number[];
}

const sideOf = ({ kind }: ToldSet): SideName => (kind === 'commend' ? 'positive' : 'negative');
const isRetraction = ({ kind }: ToldSet): boolean => kind === 'retract' || kind === 'unban';
const isBan = ({ kind }: ToldSet): boolean => kind === 'hub-ban' || kind === 'room-ban';
const by = <T>(items: readonly T[], key: (item: T) => string): T[][] => [...Map.groupBy(items, key).values()];
const sum = (numbers: readonly number[]): number => numbers.reduce((total, one) => total + one, 0);

export class Oracle {
  constructor(private readonly history: History) {}

  /** Every signal that counts in the tally of an epoch, once. */
  private weighed(epoch: number, side: SideName): Weighed[] {
    return this.history.sets.flatMap((set) => {
      const about = this.history.pseudonyms.find(({ uri }) => uri === set.uri);
      const weight = this.weightIn(epoch, set);
      if (!about || !weight || sideOf(set) !== side || this.isRepeated(set, epoch)) return [];
      return [{ set, about, ...weight }];
    });
  }

  private weightIn(epoch: number, set: ToldSet): { arrival: number; units: number } | undefined {
    const policy = this.policyOf(epoch);
    const arrival = this.arrivalOf(set, epoch);
    if (arrival === undefined || this.isTakenBack(set, epoch)) return undefined;
    const decay = policy.decay.table[epoch - arrival] ?? 0;
    const units = Math.floor((this.weightOf(set, policy) * this.trustOf(set, policy) * decay) / 100);
    return units > 0 ? { arrival, units } : undefined;
  }

  /** A hub reports one franked message, about whomever: the first report counts. */
  private isRepeated(set: ToldSet, epoch: number): boolean {
    if (set.kind !== 'franked') return false;
    const own = this.weightIn(epoch, set)!;
    return this.history.sets.some((other) => {
      if (other === set || other.kind !== 'franked' || other.hub !== set.hub) return false;
      const weight = this.weightIn(epoch, other);
      if (!weight) return false;
      return weight.arrival < own.arrival || (weight.arrival === own.arrival && other.jti < set.jti);
    });
  }

  /** The epoch from which it counts; undefined when it does not, seen from `epoch`. */
  private arrivalOf(set: ToldSet, epoch: number): number | undefined {
    const hasCome = (one: { epoch?: number }) => one.epoch !== undefined && one.epoch <= epoch;
    if (!hasCome(set) || isRetraction(set)) return undefined;
    const rulings = this.history.rulings.filter((ruling) => ruling.set === set && hasCome(ruling));
    if (rulings.some(({ ruling }) => ruling === 'reject')) return undefined;
    return this.isHeld(set) ? rulings[0]?.epoch : set.epoch;
  }

  isHeld({ kind, epoch }: ToldSet): boolean {
    const { hold } = epoch === undefined ? this.history.policy : this.policyOf(epoch);
    return hold.some(({ reasons }) => kind === 'other' || (kind === 'report' && reasons === undefined));
  }

  isTakenBack(set: ToldSet, epoch: number): boolean {
    return this.history.sets.some(
      (taking) =>
        taking.hub === set.hub &&
        taking.names === set.jti &&
        taking.epoch !== undefined &&
        set.epoch !== undefined &&
        taking.epoch >= set.epoch &&
        taking.epoch <= epoch &&
        (taking.kind === 'retract' || (taking.kind === 'unban' && isBan(set))),
    );
  }

  private weightOf({ kind }: ToldSet, { weights }: PolicyDocument): number {
    const table: Partial<Record<ToldSet['kind'], number>> = {
      verified: weights.abuseReport.hubVerified,
      franked: weights.abuseReport.hubVerified,
      report: weights.abuseReport.other,
      other: weights.abuseReport.other,
      'hub-ban': weights.ban.hub,
      'room-ban': weights.ban.roomAdmin,
      kick: weights.kick,
      rate: weights.rate,
      commend: weights.commend,
    };
    return table[kind] ?? 0;
  }

  private trustOf({ hub }: ToldSet, { hubs }: PolicyDocument): number {
    const entry = hubs[hub];
    return entry?.status === 'active' ? entry.trust : 0;
  }

  /** Sums of one hub about one pseudonym, capped. */
  private totals(epoch: number, side: SideName): { hub: number; about: KnownPseudonym; total: number }[] {
    const { capPerHubAndPseudonym, decay } = this.policyOf(epoch);
    return by(this.weighed(epoch, side), ({ set, about }) => `${set.hub} ${about.uri}`).map((own) => ({
      hub: own[0]!.set.hub,
      about: own[0]!.about,
      total: Math.min(capPerHubAndPseudonym * decay.scale, sum(own.map(({ units }) => units))),
    }));
  }

  /** What each tally of the epoch's tree must say: `cohort hub` → counts and sums. */
  leaves(epoch: number, side: SideName): Record<string, Leaf> {
    const { hubs } = this.policyOf(epoch);
    const groups = by(this.totals(epoch, side), ({ hub, about }) => `${about.cohort} ${hub}`);
    return Object.fromEntries(
      groups.map((own) => [
        `${own[0]!.about.cohort} ${hubs[own[0]!.hub]!.id}`,
        {
          pseudonyms: own.length,
          weightSum: sum(own.map(({ total }) => total)),
          squareSum: sum(own.map(({ total }) => total ** 2)),
        },
      ]),
    );
  }

  /** Distinct pseudonyms with a counted signal that came after `since`, without those that only the f busiest operators speak of. */
  newPseudonyms(epoch: number, side: SideName, since: number): number {
    const policy = this.policyOf(epoch);
    const fresh = this.weighed(epoch, side).filter(({ arrival }) => arrival > since);
    const operators = by(fresh, ({ set }) => policy.hubs[set.hub]!.operator).map((own) => ({
      name: policy.hubs[own[0]!.set.hub]!.operator,
      uris: new Set(own.map(({ about }) => about.uri)),
    }));
    operators.sort((a, b) => b.uris.size - a.uris.size || (a.name < b.name ? -1 : 1));
    return new Set(operators.slice(policy[side].f).flatMap(({ uris }) => [...uris])).size;
  }

  /** Scores of an epoch: account → operator → sum over its pseudonyms and the operator's hubs. */
  private scores(epoch: number, side: SideName): Map<number, Map<string, number>> {
    const { hubs } = this.policyOf(epoch);
    const scores = new Map<number, Map<string, number>>();
    for (const own of by(this.totals(epoch, side), ({ about }) => String(about.account))) {
      const ofOperators = by(own, ({ hub }) => hubs[hub]!.operator).map((of): [string, number] => [
        hubs[of[0]!.hub]!.operator,
        sum(of.map(({ total }) => total)),
      ]);
      scores.set(own[0]!.about.account, new Map(ofOperators));
    }
    return scores;
  }

  /** Every operator's score clipped, the f largest left out. */
  private crosses(epoch: number, side: SideName, scores: Iterable<number>): boolean {
    const policy = this.policyOf(epoch);
    const { f, clip, threshold } = policy[side];
    const { scale } = policy.decay;
    const clipped = [...scores].map((score) => Math.min(score, clip * scale)).sort((a, b) => b - a);
    return sum(clipped.slice(f)) >= threshold * scale;
  }

  /** Accounts with a positive standing by this epoch's tallies. */
  commended(epoch: number): Set<number> {
    const scores = [...this.scores(epoch, 'positive')];
    return new Set(scores.flatMap(([account, of]) => (this.crosses(epoch, 'positive', of.values()) ? [account] : [])));
  }

  /**
   * Suspensions by the decided epochs, in their order. One ends by a reinstatement only; what the account had at each operator in the next
   * decided epoch does not count against it again, as far as it is still there, for one window (§6).
   */
  standings(decided: readonly number[]): Standings {
    const standings: Standings = { suspended: new Set(), suspensions: [], reinstated: [] };
    const baselines = new Map<number, { noted?: number; scores: Map<string, number> }>();
    const reinstate = (after: number) => {
      for (const { account } of this.history.reinstatements.filter((one) => one.after === after)) {
        if (!standings.suspended.delete(account)) continue;
        standings.reinstated.push(account);
        baselines.set(account, { scores: new Map() });
      }
    };
    reinstate(0);
    for (const epoch of decided) {
      const scores = this.scores(epoch, 'negative');
      for (const [account, own] of scores) {
        const baseline = baselines.get(account);
        if (standings.suspended.has(account) || (baseline && baseline.noted === undefined)) continue;
        const counted = [...own].map(([operator, score]) => Math.max(0, score - (baseline?.scores.get(operator) ?? 0)));
        if (!this.crosses(epoch, 'negative', counted)) continue;
        standings.suspended.add(account);
        standings.suspensions.push(account);
      }
      for (const [account, baseline] of baselines) {
        const own = scores.get(account) ?? new Map<string, number>();
        if (baseline.noted === undefined) Object.assign(baseline, { noted: epoch, scores: new Map(own) });
        else
          for (const [operator, score] of baseline.scores) baseline.scores.set(operator, Math.min(score, own.get(operator) ?? 0));
        if (baseline.noted! <= epoch - this.policyOf(epoch).windowEpochs) baselines.delete(account);
      }
      reinstate(epoch);
    }
    return standings;
  }

  /** States in which a SET may stand when all has arrived and nothing is left to do. */
  statesOf(set: ToldSet): string[] {
    if (set.kind === 'newer' || set.kind === 'misfit' || set.kind === 'misreported') return ['ignored'];
    if (isRetraction(set)) return ['applied'];
    if (!this.history.pseudonyms.some(({ uri }) => uri === set.uri)) return ['ignored'];
    const ruling = this.history.rulings.find((one) => one.set === set)?.ruling;
    const taken = this.isTakenBack(set, this.history.newest);
    if (ruling === 'reject') return taken ? ['rejected', 'retracted'] : ['rejected'];
    if (taken) return ['retracted'];
    return this.isHeld(set) && ruling === undefined ? ['held'] : ['counted'];
  }

  private policyOf(epoch: number): PolicyDocument {
    return this.history.epochs[epoch - 1]!;
  }
}
