/** Sums of gradients and hessians, and counts, of some rows: by column and bin. */
import type { Binned } from './bins.js';

export interface Sums {
  g: number;
  h: number;
  n: number;
}

export class Histogram {
  private constructor(
    /** g, h, n of each bin, column after column */
    private readonly cells: Float64Array,
    /** first cell of each column, and of what would come after the last */
    private readonly starts: readonly number[],
  ) {}

  static of(columns: readonly Binned[], rows: Int32Array, gradient: Float64Array, hessian: Float64Array): Histogram {
    const starts = [0];
    for (const { count } of columns) starts.push(starts.at(-1)! + 3 * count);
    const cells = new Float64Array(starts.at(-1)!);
    columns.forEach(({ bins }, column) => {
      const start = starts[column]!;
      for (let i = 0; i < rows.length; i++) {
        const row = rows[i]!;
        const cell = start + 3 * bins[row]!;
        cells[cell]! += gradient[row]!;
        cells[cell + 1]! += hessian[row]!;
        cells[cell + 2]! += 1;
      }
    });
    return new Histogram(cells, starts);
  }

  get columns(): number {
    return this.starts.length - 1;
  }

  bins(column: number): number {
    return (this.starts[column + 1]! - this.starts[column]!) / 3;
  }

  /** Of the rows that are here and not there. */
  without(part: Histogram): Histogram {
    return new Histogram(
      this.cells.map((value, at) => value - part.cells[at]!),
      this.starts,
    );
  }

  add(sums: Sums, column: number, bin: number): void {
    const cell = this.starts[column]! + 3 * bin;
    sums.g += this.cells[cell]!;
    sums.h += this.cells[cell + 1]!;
    sums.n += this.cells[cell + 2]!;
  }

  /** Of all bins of a column before this one. */
  below(column: number, bin: number): Sums {
    const sums = { g: 0, h: 0, n: 0 };
    for (let one = 0; one < Math.min(bin, this.bins(column)); one++) this.add(sums, column, one);
    return sums;
  }
}
