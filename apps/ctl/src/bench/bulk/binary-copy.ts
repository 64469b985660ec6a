/** Rows for PostgreSQL's COPY in its binary format (documentation of COPY, "Binary Format"): no escaping, no hex, bytes as they are. */

/** Text and bytes as they are, whole numbers as int4, absent as NULL; jsonb takes its version byte from `jsonb`. */
export type CopyField = Uint8Array | string | number | boolean | null;

export const copyHeader = Buffer.concat([Buffer.from('PGCOPY\n\xff\r\n\0', 'latin1'), Buffer.alloc(8)]);
export const copyTrailer = Buffer.from([0xff, 0xff]);

export function copyRow(fields: readonly CopyField[]): Buffer {
  const parts = fields.map(bytesOfField);
  const row = Buffer.allocUnsafe(2 + parts.reduce((sum, part) => sum + 4 + (part?.length ?? 0), 0));
  let at = row.writeInt16BE(fields.length, 0);
  for (const part of parts) {
    at = row.writeInt32BE(part?.length ?? -1, at);
    if (part) row.set(part, at);
    at += part?.length ?? 0;
  }
  return row;
}

/** A jsonb value on the wire: version 1, then text. */
export const jsonb = (value: unknown): Buffer => Buffer.concat([Buffer.of(1), Buffer.from(JSON.stringify(value))]);

function bytesOfField(field: CopyField): Uint8Array | null {
  if (typeof field === 'string') return Buffer.from(field);
  if (typeof field === 'boolean') return Buffer.of(field ? 1 : 0);
  if (typeof field !== 'number') return field;
  const bytes = Buffer.allocUnsafe(4);
  bytes.writeInt32BE(field);
  return bytes;
}

/** Header, rows and trailer, gathered into larger pieces: a write for each row would cost as much as the row. */
export async function* copyStream(
  rows: AsyncIterable<readonly CopyField[]> | Iterable<readonly CopyField[]>,
  pieceBytes = 256 * 1_024,
): AsyncGenerator<Buffer, void, undefined> {
  let pieces: Buffer[] = [copyHeader];
  let length = 0;
  for await (const row of rows) {
    const bytes = copyRow(row);
    pieces.push(bytes);
    length += bytes.length;
    if (length < pieceBytes) continue;
    yield Buffer.concat(pieces);
    pieces = [];
    length = 0;
  }
  yield Buffer.concat([...pieces, copyTrailer]);
}
