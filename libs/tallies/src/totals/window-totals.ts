/**
 * From the signed SETs and decisions of a window to the totals of both sides (protocol.md §5). Pure: manifests, SETs, decisions,
 * objections and policies in, integers out; the same in any order, on any machine, after any crash. No number is stored anywhere.
 *
 * A SET arrives with the first manifest that names it, or, when that epoch's policy held it, with the manifest of its release. It counts
 * at its policy weight × decay, unless it was objected to, rejected, or taken back by its own hub. Epochs go in newest first: what
 * removes a signal stands in the same or a later epoch, so it is known before the signal, and only one epoch is held in memory. Held
 * signals that were released within the window may have come before it: their epochs follow, with nothing else in them. Reports with
 * franks wait for the end, since the oldest of a frank is the one that counts.
 */
import type { PolicyDocument, Side } from '#contracts';
import { isSandbox, mustBeHeld, signalUnits } from '#policy';
import { assess, takesBack, type AbuseSignal, type ArrivedSignal } from '#signals';
import { setKey, type Objections } from '../manifests/objections.js';
import { FrankedReports, type FrankedReport } from './franked-reports.js';
import { Numbering, SideTotals } from './side-totals.js';

/** A decision of a moderator whose signature has been checked, or was checked by the witnesses. */
export interface SignalRuling {
  readonly hub: string;
  readonly jti: string;
  readonly ruling: 'release' | 'reject';
  readonly decisionHash: Uint8Array;
}

export interface EpochContents {
  readonly epoch: number;
  /** Of this epoch's manifest: its hold rules say what waited. */
  readonly policy: PolicyDocument;
  readonly rulings: Iterable<SignalRuling>;
  /** In pages, so that an epoch's payloads are never in memory together. */
  readonly signals: AsyncIterable<readonly AbuseSignal[]> | Iterable<readonly AbuseSignal[]>;
}

export interface WindowRules {
  /** The epoch that is tallied: its policy weighs, and ages count back from it. */
  readonly epoch: number;
  readonly policy: PolicyDocument;
  readonly objections: Objections;
  /** Last decided epoch of each side; 0 = none. */
  readonly since: Readonly<Record<Side, number>>;
}

/** First epoch of the window that ends with `epoch`. */
export const windowStart = ({ epoch, policy }: Pick<WindowRules, 'epoch' | 'policy'>): number =>
  Math.max(1, epoch - policy.windowEpochs + 1);

/** Without the payload: a report may carry 48 kB. Hub and pseudonym as numbers: an epoch may hold hundreds of thousands. */
interface Candidate extends Omit<FrankedReport, 'franks'> {
  readonly eventType: string;
  readonly franks?: readonly string[];
}

export class WindowTotals {
  readonly #negative: SideTotals;
  readonly #positive: SideTotals;
  readonly #franked = new FrankedReports();
  #isClosed = false;
  readonly #rules: WindowRules;
  readonly #hubs = new Numbering();
  readonly #pseudonyms = new Numbering();
  readonly #rejected = new Set<string>();
  /** SET → epoch of its first release. */
  readonly #released = new Map<string, number>();
  readonly #takings = new Map<string, ArrivedSignal[]>();
  #oldest = Number.POSITIVE_INFINITY;

  constructor(rules: WindowRules) {
    this.#rules = rules;
    const side = (name: Side) => new SideTotals(name, rules.since[name], rules.policy, this.#pseudonyms, this.#hubs);
    this.#negative = side('negative');
    this.#positive = side('positive');
  }

  /** Complete once it is asked for: no epoch can be added after that. */
  get negative(): SideTotals {
    this.#close();
    return this.#negative;
  }

  get positive(): SideTotals {
    this.#close();
    return this.#positive;
  }

  /** All of one epoch at once, newest epoch first; epochs without a manifest may be left out. @throws RangeError when out of order. */
  async addEpoch({ epoch, policy, signals, rulings }: EpochContents): Promise<void> {
    if (this.#isClosed) throw new RangeError('the window is closed');
    if (epoch > this.#rules.epoch || epoch >= this.#oldest) throw new RangeError('epoch out of order');
    this.#oldest = epoch;
    for (const ruling of rulings) this.#note(ruling, epoch);
    const candidates: Candidate[] = [];
    for await (const page of signals) candidates.push(...page.flatMap((signal) => this.#candidate(signal, epoch, policy) ?? []));
    for (const candidate of candidates) this.#count(candidate, epoch);
  }

  #note({ hub, jti, ruling, decisionHash }: SignalRuling, epoch: number): void {
    if (this.#rules.objections.toDecision(decisionHash)) return;
    if (ruling === 'reject') this.#rejected.add(setKey(hub, jti));
    else this.#released.set(setKey(hub, jti), epoch); // the first release stays: epochs come newest first
  }

  /** Notes what takes another signal back; gives what may weigh. */
  #candidate(signal: AbuseSignal, epoch: number, policy: PolicyDocument): Candidate | undefined {
    const { hub, jti, uri, eventType, issuedAt } = signal;
    const key = setKey(hub, jti);
    if (this.#rejected.has(key) || this.#rules.objections.toSet(hub, jti)) return undefined;
    if (isSandbox(policy, hub)) return undefined; // also when it is none any more
    const seen = assess(signal, { isKnown: true, mustBeHeld: (type, payload) => mustBeHeld(policy, type, payload) });
    if (seen.outcome === 'ignored') return undefined;
    if (seen.outcome === 'retraction') {
      const named = setKey(hub, seen.names);
      const taking = { hub, jti, eventType, names: seen.names, epoch };
      const others = this.#takings.get(named);
      if (others) others.push(taking);
      else this.#takings.set(named, [taking]);
      return undefined;
    }
    const arrival = seen.outcome === 'held' ? this.#released.get(key) : epoch;
    if (arrival === undefined) return undefined;
    const day = Math.floor(issuedAt / 86_400);
    const weighed = { type: seen.eventType, payload: seen.payload, hub, day };
    const units = signalUnits(this.#rules.policy, weighed, this.#rules.epoch - arrival);
    if (!units || units.units <= 0) return undefined;
    const own = {
      hub: this.#hubs.of(hub),
      jti,
      pseudonym: this.#pseudonyms.of(uri),
      eventType: seen.eventType,
      ...units,
      arrival,
    };
    return seen.franks ? { ...own, franks: seen.franks } : own;
  }

  #count(candidate: Candidate, epoch: number): void {
    const { hub, jti, eventType, franks } = candidate;
    const name = this.#hubs.names[hub] as string;
    const taken = this.#takings.get(setKey(name, jti))?.some((by) => takesBack(by, { hub: name, jti, eventType, epoch }));
    if (taken) return;
    if (franks) this.#franked.add({ ...candidate, franks });
    else this.#add(candidate);
  }

  #add({ hub, pseudonym, side, units, arrival }: Omit<Candidate, 'eventType'>): void {
    (side === 'negative' ? this.#negative : this.#positive).add(hub, pseudonym, units, arrival);
  }

  #close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    for (const report of this.#franked.weighing()) this.#add(report);
  }
}
