/** What a process has measured by itself: count and sum of a histogram among its metrics, read before and after what is of interest. Pure. */
export interface HistogramTotals {
  readonly count: number;
  readonly seconds: number;
}

/** @param metrics exposition text; zeros for a histogram that has seen nothing yet */
export function histogramTotals(metrics: string, name: string): HistogramTotals {
  const value = (suffix: string) => Number(new RegExp(`^${name}_${suffix} (\\S+)$`, 'm').exec(metrics)?.[1] ?? 0);
  return { count: value('count'), seconds: value('sum') };
}
