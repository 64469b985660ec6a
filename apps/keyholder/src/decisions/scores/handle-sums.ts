/**
 * Scores per handle and operator while a tree is opened: added up over cohorts and an operator's hubs, in typed arrays, for those
 * handles only that have any. Lives for one decision and is never stored.
 */
const rowsPerChunk = 4_096;
/** Sums stop here instead of wrapping: far above any clip. */
const largest = 0xffff_ffff;

export class HandleSums {
  private readonly chunks: Uint32Array[] = [];
  /** Handle as latin1 text → row. */
  private readonly rows = new Map<string, number>();

  /** @param operators their fixed order: the columns. */
  constructor(readonly operators: readonly string[]) {}

  get size(): number {
    return this.rows.size;
  }

  /** @param handle 16 bytes, as latin1 text. @returns its row, made when there is none. */
  rowOf(handle: string): number {
    const known = this.rows.get(handle);
    if (known !== undefined) return known;
    const row = this.rows.size;
    if (row % rowsPerChunk === 0) this.chunks.push(new Uint32Array(rowsPerChunk * this.operators.length));
    this.rows.set(handle, row);
    return row;
  }

  add(row: number, operator: number, amount: number): void {
    const chunk = this.chunks[Math.floor(row / rowsPerChunk)] as Uint32Array;
    const at = (row % rowsPerChunk) * this.operators.length + operator;
    chunk[at] = Math.min(largest, (chunk[at] as number) + amount);
  }

  /** Scores of a handle, one per operator; zeros when it has none. A view: valid until the next `add`. */
  of(handle: string): Uint32Array {
    const row = this.rows.get(handle);
    return row === undefined ? new Uint32Array(this.operators.length) : this.view(row);
  }

  *entries(): Generator<[handle: string, scores: Uint32Array]> {
    for (const [handle, row] of this.rows) yield [handle, this.view(row)];
  }

  private view(row: number): Uint32Array {
    const chunk = this.chunks[Math.floor(row / rowsPerChunk)] as Uint32Array;
    const at = (row % rowsPerChunk) * this.operators.length;
    return chunk.subarray(at, at + this.operators.length);
  }
}
