/**
 * One small regression tree over binned columns, grown level by level on gradients and hessians (second order, as in XGBoost: Chen
 * and Guestrin 2016, §2.2). Pure and deterministic.
 */
import type { Binned } from './bins.js';

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

interface Node {
  readonly rows: Int32Array;
  split?: { readonly column: number; readonly bin: number; readonly low: Node; readonly high: Node };
  value: number;
}

interface Split {
  readonly column: number;
  readonly bin: number;
  readonly gain: number;
}

export function growTree(
  columns: readonly Binned[],
  rows: Int32Array,
  gradient: Float64Array,
  hessian: Float64Array,
  options: TreeOptions,
): Tree {
  const gains: { column: number; gain: number }[] = [];
  const grow = (own: Int32Array, depth: number): Node => {
    const node: Node = { rows: own, value: leafValue(own, gradient, hessian, options.lambda) };
    const split = depth > 0 ? bestSplit(columns, own, gradient, hessian, options) : undefined;
    if (split === undefined) return node;
    gains.push({ column: split.column, gain: split.gain });
    const { bins } = columns[split.column]!;
    const low = own.filter((row) => bins[row]! <= split.bin);
    const high = own.filter((row) => bins[row]! > split.bin);
    node.split = { column: split.column, bin: split.bin, low: grow(low, depth - 1), high: grow(high, depth - 1) };
    return node;
  };
  const root = grow(rows, options.depth);
  return {
    gains,
    scoreOf(row) {
      let node = root;
      while (node.split) node = columns[node.split.column]!.bins[row]! <= node.split.bin ? node.split.low : node.split.high;
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

function bestSplit(
  columns: readonly Binned[],
  rows: Int32Array,
  gradient: Float64Array,
  hessian: Float64Array,
  { lambda, minRows }: TreeOptions,
): Split | undefined {
  let best: Split | undefined;
  const worth = (g: number, h: number) => (g * g) / (h + lambda);
  columns.forEach(({ bins, count }, column) => {
    const [g, h, n] = [new Float64Array(count), new Float64Array(count), new Int32Array(count)];
    for (const row of rows) {
      const bin = bins[row]!;
      g[bin]! += gradient[row]!;
      h[bin]! += hessian[row]!;
      n[bin]! += 1;
    }
    const [allG, allH] = [sum(g), sum(h)];
    let [lowG, lowH, lowN] = [0, 0, 0];
    for (let bin = 0; bin < count - 1; bin++) {
      lowG += g[bin]!;
      lowH += h[bin]!;
      lowN += n[bin]!;
      if (lowN < minRows || rows.length - lowN < minRows) continue;
      const gain = worth(lowG, lowH) + worth(allG - lowG, allH - lowH) - worth(allG, allH);
      if (gain > (best?.gain ?? 0)) best = { column, bin, gain };
    }
  });
  return best;
}

const sum = (values: Float64Array) => values.reduce((total, value) => total + value, 0);
