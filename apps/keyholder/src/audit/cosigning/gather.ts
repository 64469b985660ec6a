/** As many of several attempts as are needed, and no waiting for the rest. */

/**
 * @returns the first `needed` results, in the order in which they came.
 * @throws whatever failed last, once so many have failed that too few are left
 */
export function gather<T>(attempts: ReadonlyArray<Promise<T>>, needed: number): Promise<T[]> {
  return new Promise((resolve, reject) => {
    const results: T[] = [];
    let left = attempts.length;
    if (left < needed) reject(new RangeError('fewer attempts than needed'));
    for (const attempt of attempts) {
      attempt.then(
        (result) => {
          left -= 1;
          results.push(result);
          if (results.length === needed) resolve(results);
        },
        (error: unknown) => {
          left -= 1;
          if (left + results.length < needed) reject(error as Error);
        },
      );
    }
  });
}
