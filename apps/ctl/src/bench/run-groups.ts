/** Runs group after group within the time there is. What one cannot measure is left out with its reason; the rest is measured all the same. */
import type { Group } from './bench-context.js';
import { figureNames } from './figures.js';
import { machine } from './machine.js';
import { Measurements } from './measurements.js';
import { reportOf } from './report.js';
import type { Report } from './report.js';
import type { Scale } from './scale.js';

export interface RunOptions {
  readonly scale: Scale;
  readonly signal: AbortSignal;
  print(line: string): void;
}

/** For ending servers, removing folders and writing the report. */
const spareSeconds = 20;

export async function runGroups(groups: readonly Group[], { scale, signal, print }: RunOptions): Promise<Report> {
  const begun = performance.now();
  const seconds = () => (performance.now() - begun) / 1_000;
  const measurements = new Measurements();
  const about = machine();
  const over = AbortSignal.timeout(Math.ceil((scale.limitSeconds - spareSeconds) * 1_000));
  for (const { name, figures, run } of groups) {
    const say = (line: string) => print(`· ${seconds().toFixed(0).padStart(3)} s  ${name}: ${line}`);
    try {
      if (signal.aborted || over.aborted) throw new Error('not begun');
      await run({ measurements, scale, say, signal: AbortSignal.any([signal, over]) });
    } catch (error) {
      const reason = signal.aborted ? 'interrupted' : over.aborted ? 'the time was over' : reasonOf(error);
      say(`✗ ${reason}`);
      measurements.omit(figures, reason);
    }
  }
  const asked = new Set(groups.flatMap(({ figures }) => figures));
  measurements.omit(
    figureNames.filter((figure) => !asked.has(figure)),
    'not asked for',
  );
  return reportOf(measurements, { machine: about, quick: scale.quick, seconds: seconds() });
}

const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error)).split('\n')[0] ?? '';
