/** What every measurement gets. */
import type { FigureName } from './figures.js';
import type { Measurements } from './measurements.js';
import type { Scale } from './scale.js';

export interface BenchContext {
  readonly measurements: Measurements;
  readonly scale: Scale;
  /** Ctrl-C, or the time is over. */
  readonly signal: AbortSignal;
  /** A line of progress. */
  say(line: string): void;
}

/** Measurements that share one running service. One that fails takes its own figures along and no others. */
export interface Group {
  readonly name: string;
  readonly figures: readonly FigureName[];
  run(context: BenchContext): Promise<void>;
}
