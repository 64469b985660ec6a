/**
 * Numbers as bin numbers: cut points are quantiles of the learning rows, of all of them and of the true pairs alone, so that a
 * narrow band that only true pairs fall into gets bins of its own. Pure.
 */
const QUANTILES = 24;
/** Rows that quantiles are taken from; more would take longer and move the cuts by less than a bin. */
const LOOKED_AT = 4_000;
/** Bin of what is not to be seen. */
const MISSING = 0;

export interface Binned {
  /** Bin of each row, all rows of the data set; 0 where the value is missing. */
  readonly bins: Uint8Array;
  readonly count: number;
}

/** @param rows those that may be learnt from */
export function binned(column: Float64Array, same: Uint8Array, rows: Int32Array): Binned {
  const cuts = cutPoints(column, same, rows);
  return { bins: Uint8Array.from(column, (value) => binOf(value, cuts)), count: cuts.length + 2 };
}

function cutPoints(column: Float64Array, same: Uint8Array, rows: Int32Array): Float64Array {
  const seen = rows.filter((row) => !Number.isNaN(column[row]!));
  const trueOnes = seen.filter((row) => same[row] === 1);
  const values = (of: Int32Array) => {
    const step = Math.ceil(of.length / LOOKED_AT);
    return Float64Array.from({ length: step === 0 ? 0 : Math.floor(of.length / step) }, (_, i) => column[of[i * step]!]!);
  };
  return Float64Array.from(new Set([...quantiles(values(seen)), ...quantiles(values(trueOnes))])).sort();
}

function quantiles(values: Float64Array): number[] {
  values.sort();
  if (values.length === 0) return [];
  return Array.from({ length: QUANTILES - 1 }, (_, i) => values[Math.floor(((i + 1) * values.length) / QUANTILES)]!);
}

/** 1 for what is below the first cut, then one more for each cut not above the value. */
function binOf(value: number, cuts: Float64Array): number {
  if (Number.isNaN(value)) return MISSING;
  let [low, high] = [0, cuts.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (cuts[middle]! <= value) low = middle + 1;
    else high = middle;
  }
  return low + 1;
}
