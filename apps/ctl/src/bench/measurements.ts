/** Collects what a run measured: samples under names, growth by world size, and what could not be measured with the reason. Pure. */
import { figureNames, figureSpecs, isReached, reachText } from './figures.js';
import type { FigureName } from './figures.js';

export interface Summary {
  /** median */
  readonly value: number;
  readonly min: number;
  readonly max: number;
  readonly runs: number;
}

export interface Figure extends Summary {
  readonly name: string;
  readonly unit: string;
  readonly what: string;
  /** What it must reach; absent where nothing is asked. */
  readonly reach?: string;
  readonly met?: boolean;
}

export interface Growth extends Summary {
  readonly name: string;
  readonly unit: string;
  readonly accounts: number;
}

export interface Omission {
  readonly name: string;
  readonly reason: string;
}

export function summarise(samples: readonly number[]): Summary {
  if (samples.length === 0 || !samples.every(Number.isFinite)) throw new RangeError('samples must be numbers, one at least');
  const sorted = samples.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] as number;
  const value = sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] as number)) / 2;
  return { value: rounded(value), min: rounded(sorted[0] as number), max: rounded(sorted.at(-1) as number), runs: sorted.length };
}

/** Four significant digits: more than any figure here repeats to. Whole numbers stay whole. */
const rounded = (value: number): number => (Math.abs(value) >= 1_000 ? Math.round(value) : Number(value.toPrecision(4)));

export class Measurements {
  private readonly figures = new Map<FigureName, Summary>();
  private readonly others: Figure[] = [];
  private readonly growths: Growth[] = [];
  private readonly reasons = new Map<string, string>();

  record(name: FigureName, samples: readonly number[]): void {
    this.figures.set(name, summarise(samples));
    this.reasons.delete(name);
  }

  /** A number that explains a figure and has nothing to reach. */
  note(name: string, unit: string, samples: readonly number[], what: string): void {
    this.others.push({ name, unit, ...summarise(samples), what });
  }

  grow(name: string, unit: string, accounts: number, samples: readonly number[]): void {
    this.growths.push({ name, unit, accounts, ...summarise(samples) });
  }

  /** The first reason stays; a figure that was measured is not omitted. */
  omit(names: Iterable<string>, reason: string): void {
    for (const name of names) if (!this.has(name) && !this.reasons.has(name)) this.reasons.set(name, reason);
  }

  private has(name: string): boolean {
    return this.figures.has(name as FigureName) || this.others.some((other) => other.name === name);
  }

  /** Named figures in the order of their table, then the others. */
  all(): Figure[] {
    const valueOf = (name: FigureName) => this.figures.get(name)?.value;
    const named = figureNames.flatMap((name): Figure[] => {
      const summary = this.figures.get(name);
      const { unit, reaches, what } = figureSpecs[name];
      if (!summary) return [];
      const verdicts = reaches.map((reach) => isReached(reach, summary.value, valueOf));
      const reach = { reach: reaches.map(reachText).join(', '), met: verdicts.every((verdict) => verdict === true) };
      return [{ name, unit, ...summary, what, ...(reaches.length > 0 && reach) }];
    });
    return [...named, ...this.others];
  }

  growth(): readonly Growth[] {
    return this.growths;
  }

  omissions(): Omission[] {
    const missing = figureNames.filter((name) => !this.figures.has(name) && !this.reasons.has(name));
    return [...this.reasons, ...missing.map((name) => [name, 'not measured'] as const)].map(([name, reason]) => ({
      name,
      reason,
    }));
  }
}
