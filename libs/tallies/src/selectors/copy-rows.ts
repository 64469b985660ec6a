/** Rows of PostgreSQL's binary COPY (documentation of COPY, "Binary Format"): bytes as they are, no hex, no text. Pure. */
const signature = Buffer.from('PGCOPY\n\xff\r\n\0', 'latin1');
const flagsBytes = 4;
const endOfRows = -1;

/** The fields of each row, as views of `copied`; null where the column is. @throws RangeError for anything that is no whole COPY. */
export function* copyRows(copied: Buffer): Generator<Array<Buffer | null>, void, undefined> {
  if (!copied.subarray(0, signature.length).equals(signature)) throw new RangeError('not a binary COPY');
  let at = signature.length + flagsBytes;
  at += 4 + copied.readInt32BE(at);
  for (;;) {
    const fields = copied.readInt16BE(at);
    at += 2;
    if (fields === endOfRows) break;
    const row = new Array<Buffer | null>(fields);
    for (let field = 0; field < fields; field++) {
      const length = copied.readInt32BE(at);
      at += 4;
      row[field] = length < 0 ? null : copied.subarray(at, at + length);
      at += Math.max(0, length);
    }
    if (at > copied.length) throw new RangeError('a COPY was cut short');
    yield row;
  }
  if (at !== copied.length) throw new RangeError('a COPY goes on after its end');
}
