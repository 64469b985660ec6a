/** Rows of PostgreSQL's binary COPY (documentation of COPY, "Binary Format"): bytes as they are, no hex, no text. Pure. */
const signature = Buffer.from('PGCOPY\n\xff\r\n\0', 'latin1');
const flagsBytes = 4;
const endOfRows = -1;

/** The fields of each row, as views of `copied`; null where the column is. @throws RangeError for anything that is no whole COPY. */
export function* copyRows(copied: Buffer): Generator<Array<Buffer | null>, void, undefined> {
  let at = 0;
  const take = (bytes: number): number => {
    const from = at;
    at += bytes;
    if (at > copied.length) throw new RangeError('a COPY was cut short');
    return from;
  };
  const count = () => copied.readInt16BE(take(2));
  const length = () => copied.readInt32BE(take(4));
  if (!copied.subarray(take(signature.length), at).equals(signature)) throw new RangeError('not a binary COPY');
  take(flagsBytes);
  take(length()); // header extension
  for (let fields = count(); fields !== endOfRows; fields = count()) {
    const row = new Array<Buffer | null>(fields);
    for (let field = 0; field < fields; field++) {
      const bytes = length();
      row[field] = bytes < 0 ? null : copied.subarray(take(bytes), at);
    }
    yield row;
  }
  if (at !== copied.length) throw new RangeError('a COPY goes on after its end');
}
