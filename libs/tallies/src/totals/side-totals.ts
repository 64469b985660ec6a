/**
 * Integer totals of one side of an epoch's tallies: what is folded with each pseudonym's selector, and how many pseudonyms and signals are new.
 * Pure; knows hubs, pseudonym URIs and weights.
 */
import type { PolicyDocument, Side } from '#contracts';
import { cappedTotal, hubOf } from '#policy';

/** What a pseudonym weighs, per hub: positive integers in weight units × decay.scale, after the cap. */
export interface HubTotal {
  readonly hub: string;
  readonly total: number;
}

/** Small integers for strings, given in the order of first sight: a window holds each URI once. */
export class Numbering {
  readonly #numbers = new Map<string, number>();
  readonly names: string[] = [];

  of(name: string): number {
    let number = this.#numbers.get(name);
    if (number === undefined) {
      number = this.names.push(name) - 1;
      this.#numbers.set(name, number);
    }
    return number;
  }
}

/** More than the hubs a policy may have. */
const hubSpan = 4_096;

export class SideTotals {
  /** pseudonym × hubSpan + hub → sum before the cap. One flat map: an object for each pair would cost five times the memory. */
  readonly #sums = new Map<number, number>();
  /** By pseudonym: counted signals that arrived after `since`. */
  readonly #newSignals: number[] = [];
  /** operator → pseudonyms with a counted signal that arrived after `since`. */
  readonly #newOf = new Map<string, Set<number>>();

  constructor(
    readonly side: Side,
    /** The last decided epoch of this side; 0 = none. */
    readonly since: number,
    private readonly policy: PolicyDocument,
    private readonly pseudonyms: Numbering,
    private readonly hubs: Numbering,
  ) {}

  /** @param arrival epoch from which the signal counts. @param units positive, see `signalUnits` of libs/policy. */
  add(hub: number, pseudonym: number, units: number, arrival: number): void {
    const pair = pseudonym * hubSpan + hub;
    this.#sums.set(pair, (this.#sums.get(pair) ?? 0) + units);
    const operator = hubOf(this.policy, this.hubs.names[hub] as string)?.operator;
    if (arrival <= this.since || operator === undefined) return;
    this.#newSignals[pseudonym] = (this.#newSignals[pseudonym] ?? 0) + 1;
    let known = this.#newOf.get(operator);
    if (!known) this.#newOf.set(operator, (known = new Set()));
    known.add(pseudonym);
  }

  /** Distinct pseudonyms with a total. */
  uris(): string[] {
    const numbers = new Set<number>();
    for (const pair of this.#sums.keys()) numbers.add(Math.floor(pair / hubSpan));
    return [...numbers].map((number) => this.pseudonyms.names[number] as string);
  }

  /** Signals, before caps, that are in a tally of this side for the first time when it is decided. @param isFolded see `newPseudonyms` */
  newSignals(isFolded: (uri: string) => boolean): number {
    return this.#newSignals.reduce((sum, own, number) => sum + (isFolded(this.pseudonyms.names[number] as string) ? own : 0), 0);
  }

  /** (hub, pseudonym) pairs with a total. */
  get pairs(): number {
    return this.#sums.size;
  }

  /** Totals by pseudonym; hubs in no order. */
  byUri(): Map<string, HubTotal[]> {
    const totals = new Map<string, HubTotal[]>();
    for (const [pair, sum] of this.#sums) {
      const uri = this.pseudonyms.names[Math.floor(pair / hubSpan)] as string;
      const own = { hub: this.hubs.names[pair % hubSpan] as string, total: cappedTotal(this.policy, sum) };
      const others = totals.get(uri);
      if (others) others.push(own);
      else totals.set(uri, [own]);
    }
    return totals;
  }

  /**
   * Distinct pseudonyms with a counted signal after `since` from any operator but the f that have most of them (equal ones: by id). So f
   * operators alone never make an epoch decidable: whoever of them is not left out, one with at least as many pseudonyms is.
   * @param isFolded has the pseudonym a selector that was folded?
   */
  newPseudonyms(isFolded: (uri: string) => boolean): number {
    const folded = [...this.#newOf].map(([operator, numbers]): [string, number[]] => [
      operator,
      [...numbers].filter((number) => isFolded(this.pseudonyms.names[number] as string)),
    ]);
    folded.sort(([a, ofA], [b, ofB]) => ofB.length - ofA.length || Number(a > b) - Number(a < b));
    const { f } = this.policy[this.side];
    return new Set(folded.slice(f).flatMap(([, numbers]) => numbers)).size;
  }
}
