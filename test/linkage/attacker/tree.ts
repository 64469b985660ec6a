/**
 * One small regression tree over binned columns, grown level by level on gradients and hessians (second order, as in XGBoost: Chen
 * and Guestrin 2016, §2.2). Pure and deterministic.
 */
import type { Binned } from './bins.js';
import { Histogram } from './histogram.js';

export interface TreeOptions {
  readonly depth: number;
  /** L2 penalty of a leaf, in units of hessian. */
  readonly lambda: number;
  /** Least rows of a leaf. */
  readonly minRows: number;
}

export interface Tree {
  /** What the tree adds to the score of a row. */
  scoreOf(row: number): number;
  /** Gain of each split, by column. */
  readonly gains: ReadonlyArray<{ readonly column: number; readonly gain: number }>;
}

interface Split {
  readonly column: number;
  readonly bin: number;
  readonly gain: number;
}

interface Node {
  readonly value: number;
  readonly split?: { readonly bins: Uint8Array; readonly bin: number; readonly low: Node; readonly high: Node };
}

export function growTree(
  columns: readonly Binned[],
  rows: Int32Array,
  gradient: Float64Array,
  hessian: Float64Array,
  options: TreeOptions,
): Tree {
  const gains: { column: number; gain: number }[] = [];
  const histogramOf = (own: Int32Array) => Histogram.of(columns, own, gradient, hessian);
  const grow = (own: Int32Array, histogram: Histogram | undefined, depth: number): Node => {
    const value = leafValue(own, gradient, hessian, options.lambda);
    const best = histogram && bestSplit(histogram, own.length, options);
    if (!best) return { value };
    gains.push({ column: best.column, gain: best.gain });
    const { bins } = columns[best.column]!;
    const low = own.filter((row) => bins[row]! <= best.bin);
    const high = own.filter((row) => bins[row]! > best.bin);
    if (depth === 1) {
      const [less, more] = [low, high].map((part) => grow(part, undefined, 0)) as [Node, Node];
      return { value, split: { bins, bin: best.bin, low: less, high: more } };
    }
    // the smaller part is counted, the other is what is left of the whole
    const small = histogramOf(low.length < high.length ? low : high);
    const large = histogram.without(small);
    const [ofLow, ofHigh] = low.length < high.length ? [small, large] : [large, small];
    return { value, split: { bins, bin: best.bin, low: grow(low, ofLow, depth - 1), high: grow(high, ofHigh, depth - 1) } };
  };
  const root = grow(rows, histogramOf(rows), options.depth);
  return {
    gains,
    scoreOf(row) {
      let node = root;
      while (node.split) node = node.split.bins[row]! <= node.split.bin ? node.split.low : node.split.high;
      return node.value;
    },
  };
}

function leafValue(rows: Int32Array, gradient: Float64Array, hessian: Float64Array, lambda: number): number {
  let [g, h] = [0, 0];
  for (const row of rows) {
    g += gradient[row]!;
    h += hessian[row]!;
  }
  return -g / (h + lambda);
}

function bestSplit(histogram: Histogram, rows: number, { lambda, minRows }: TreeOptions): Split | undefined {
  let best: Split | undefined;
  const worth = (g: number, h: number) => (g * g) / (h + lambda);
  for (let column = 0; column < histogram.columns; column++) {
    const all = histogram.below(column, Infinity);
    const low = { g: 0, h: 0, n: 0 };
    for (let bin = 0; bin < histogram.bins(column) - 1; bin++) {
      histogram.add(low, column, bin);
      if (low.n < minRows || rows - low.n < minRows) continue;
      const gain = worth(low.g, low.h) + worth(all.g - low.g, all.h - low.h) - worth(all.g, all.h);
      if (gain > (best?.gain ?? 0)) best = { column, bin, gain };
    }
  }
  return best;
}
