/**
 * A job is a wake-up, not a record: it says which work to look at, and its handler finds the work in the database and is safe to
 * run twice. So one waiting job per name and id is enough, and one more while a job of that id runs, for what came meanwhile.
 */
import type { JobsOptions, Queue } from 'bullmq';

/** Ids and numbers only: jobs are read by whoever reads the queue's store. */
export type WakeData = Readonly<Record<string, string | number>>;

/** Resolves when the wake-up is stored, or when one that will do is there already. */
export async function wake(
  queue: Pick<Queue, 'add'>,
  name: string,
  data: WakeData = {},
  options: Pick<JobsOptions, 'delay'> = {},
): Promise<void> {
  await queue.add(name, data, { ...options, deduplication: { id: wakeId(name, data), keepLastIfActive: true } });
}

const wakeId = (name: string, data: WakeData): string =>
  [
    name,
    ...Object.entries(data)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, value]) => `${key}=${value}`),
  ].join('/');
