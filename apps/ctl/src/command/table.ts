/** Tables as people read them; numbers stand right. Pure. */
import Table from 'cli-table3';

export type Cell = string | number | boolean;

/** Plain lines without colour: they must read well in a log and through a pipe. */
export function table(head: readonly string[], rows: readonly (readonly Cell[])[]): string {
  const isNumber = head.map((_, column) => rows.length > 0 && rows.every((row) => typeof row[column] === 'number'));
  const drawn = new Table({
    head: [...head],
    colAligns: isNumber.map((number) => (number ? 'right' : 'left')),
    style: { head: [], border: [], compact: true },
  });
  drawn.push(...rows.map((row) => row.map((cell) => (typeof cell === 'number' ? cell.toLocaleString('en') : String(cell)))));
  return drawn.toString();
}
