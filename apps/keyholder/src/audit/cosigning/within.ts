/** A deadline for work that cannot be called off: it goes on, and nobody waits for it. */

/** @throws Overdue when `work` takes longer; its own result is then the caller's to look after. */
export async function withinMs<T>(ms: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const overdue = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Overdue()), ms);
  });
  try {
    return await Promise.race([work, overdue]);
  } finally {
    clearTimeout(timer);
  }
}

export class Overdue extends Error {
  override readonly name = 'Overdue';

  constructor() {
    super('not done within the deadline');
  }
}
