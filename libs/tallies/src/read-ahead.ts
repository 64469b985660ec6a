/** Pages that are read one ahead: the database works on the next while this process works on the one it has. At most two are in memory. */

/**
 * Pages 0, 1, … before the first that is undefined. @param read of one page, which may tell by the page before it that there is none; never
 * called again once it has said undefined
 */
export async function* readAhead<T>(
  read: (page: number, before?: T) => Promise<T | undefined>,
): AsyncGenerator<T, void, undefined> {
  let coming = read(0);
  try {
    for (let page = 1; ; page++) {
      const one = await coming;
      if (one === undefined) return;
      coming = read(page, one);
      coming.catch(() => undefined); // awaited in the next round, or in the end
      yield one;
    }
  } finally {
    await coming.catch(() => undefined); // whoever stops early leaves no query behind
  }
}
