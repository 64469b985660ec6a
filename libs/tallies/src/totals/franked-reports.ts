/**
 * A frank of a hub counts once in a window (mimi-protocol-06, "franking": whoever reports a message again has the same frank). Each
 * frank belongs to the first report that carries it: by the epoch from which it counts, then the heavier, then by jti. A report weighs
 * when at least one frank belongs to it. Pure; the same in whatever order reports come, so the oldest may well come last.
 *
 * Only what would weigh is given here: nothing objected to, rejected, waiting or taken back. So a repeat steps in for a report that is
 * taken back, and for one that has left the window, but can never make its own report younger.
 */
import type { Side } from '#contracts';

export interface FrankedReport {
  readonly hub: number;
  readonly jti: string;
  readonly pseudonym: number;
  readonly side: Side;
  readonly units: number;
  /** epoch from which it counts */
  readonly arrival: number;
  readonly franks: readonly string[];
}

export class FrankedReports {
  /** hub → frank → whose it is */
  readonly #owners = new Map<number, Map<string, FrankedReport>>();
  /** report → how many franks are its own; no report without any */
  readonly #owned = new Map<FrankedReport, number>();

  add(report: FrankedReport): void {
    let owners = this.#owners.get(report.hub);
    if (!owners) this.#owners.set(report.hub, (owners = new Map()));
    for (const frank of report.franks) {
      const owner = owners.get(frank);
      if (owner && !isBefore(report, owner)) continue;
      owners.set(frank, report);
      this.#change(report, 1);
      if (owner) this.#change(owner, -1);
    }
  }

  /** Those that weigh, once all are in. */
  weighing(): Iterable<FrankedReport> {
    return this.#owned.keys();
  }

  #change(report: FrankedReport, by: 1 | -1): void {
    const owned = (this.#owned.get(report) ?? 0) + by;
    if (owned === 0) this.#owned.delete(report);
    else this.#owned.set(report, owned);
  }
}

/** Of one hub, whose jtis are all different. */
const isBefore = (a: FrankedReport, b: FrankedReport): boolean =>
  a.arrival !== b.arrival ? a.arrival < b.arrival : a.units !== b.units ? a.units > b.units : a.jti < b.jti;
