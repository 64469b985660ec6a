/**
 * A file of leaves: one a line. Canonical JSON has no newline inside, so the bytes of a line are the leaf that was hashed. Pure: whoever
 * calls opens the file.
 */
const newline = 0x0a;
/** Longer than any leaf; without a limit one line could be the whole memory. */
const mostBytes = 64 * 1024;

export const leafLine = (leaf: Uint8Array): Uint8Array => {
  const line = new Uint8Array(leaf.length + 1);
  line.set(leaf);
  line[leaf.length] = newline;
  return line;
};

/**
 * @param chunks of a file, cut anywhere.
 * @yields leaves; what stands behind the last newline is given too, so that a torn file is seen as one.
 * @throws RangeError for a line that is too long
 */
export async function* leavesIn(
  chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
): AsyncGenerator<Uint8Array, void, undefined> {
  let rest: Uint8Array = new Uint8Array();
  for await (const chunk of chunks) {
    const bytes = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    let start = 0;
    for (let end = bytes.indexOf(newline); end >= 0; end = bytes.indexOf(newline, start)) {
      yield bytes.subarray(start, end);
      start = end + 1;
    }
    rest = bytes.slice(start);
    if (rest.length > mostBytes) throw new RangeError(`a leaf has ${mostBytes} bytes at most`);
  }
  if (rest.length > 0) yield rest;
}
