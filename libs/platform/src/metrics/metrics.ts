/**
 * Prometheus metrics with labels that are enumerations, declared with their values: no hub, no id, no address can become a
 * series. A value that was not declared counts as `other`, so a mistake neither breaks a request nor leaks.
 */
import { Injectable } from '@nestjs/common';
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';

type LabelSpec = Readonly<Record<string, readonly string[]>>;
type Labels<L extends LabelSpec> = { readonly [K in keyof L]: L[K][number] };
/** Without labels the argument falls away. */
type LabelArgument<L extends LabelSpec> = keyof L extends never ? [] : [labels: Labels<L>];

export interface CounterMetric<L extends LabelSpec> {
  inc(...labels: LabelArgument<L>): void;
  add(amount: number, ...labels: LabelArgument<L>): void;
}
export interface GaugeMetric<L extends LabelSpec> {
  set(value: number, ...labels: LabelArgument<L>): void;
}
export interface HistogramMetric<L extends LabelSpec> {
  observe(value: number, ...labels: LabelArgument<L>): void;
}

@Injectable()
export class Metrics {
  readonly registry = new Registry();

  constructor() {
    collectDefaultMetrics({ register: this.registry });
  }

  counter<const L extends LabelSpec = Record<never, never>>(name: string, help: string, labels?: L): CounterMetric<L> {
    const counter = new Counter({ name, help, labelNames: Object.keys(labels ?? {}), registers: [this.registry] });
    const add = (amount: number, [given]: LabelArgument<L> | []) => counter.inc(declared(labels, given), amount);
    return { inc: (...given) => add(1, given), add: (amount, ...given) => add(amount, given) };
  }

  /** `collect` runs at each scrape; it may set the gauge, and when it fails the last value stays. */
  gauge<const L extends LabelSpec = Record<never, never>>(
    name: string,
    help: string,
    labels?: L,
    collect?: (gauge: GaugeMetric<L>) => Promise<void> | void,
  ): GaugeMetric<L> {
    const gauge = new Gauge({
      name,
      help,
      labelNames: Object.keys(labels ?? {}),
      registers: [this.registry],
      ...(collect && { collect: () => collected(collect, metric) }),
    });
    const metric: GaugeMetric<L> = { set: (value, ...given) => gauge.set(declared(labels, given[0]), value) };
    return metric;
  }

  /** Buckets are upper bounds, ascending, in the unit the name ends with. */
  histogram<const L extends LabelSpec = Record<never, never>>(
    name: string,
    help: string,
    buckets: readonly number[],
    labels?: L,
  ): HistogramMetric<L> {
    const histogram = new Histogram({
      name,
      help,
      buckets: [...buckets],
      labelNames: Object.keys(labels ?? {}),
      registers: [this.registry],
    });
    return { observe: (value, ...given) => histogram.observe(declared(labels, given[0]), value) };
  }
}

async function collected<M>(collect: (metric: M) => Promise<void> | void, metric: M): Promise<void> {
  try {
    await collect(metric);
  } catch {
    // a scrape must not fail because one source is away; health tells that it is
  }
}

const declared = (labels: LabelSpec | undefined, given: Readonly<Record<string, string>> = {}): Record<string, string> =>
  Object.fromEntries(
    Object.entries(labels ?? {}).map(([name, values]) => [name, values.includes(given[name] ?? '') ? given[name]! : 'other']),
  );
