/**
 * Group commit: items of concurrent callers become one batch, by size or after a short wait. The batch is shuffled before it is
 * written, so that the order of rows tells nothing about the order of requests. One batch is written at a time.
 */
import { randomInt } from 'node:crypto';

export interface WritePoolOptions<T, R> {
  /** Most items of one batch. */
  readonly maxSize: number;
  /** Longest wait of the first item of a batch. */
  readonly maxDelayMs: number;
  /** One result per item, in the order given. A rejection rejects every caller of the batch. */
  flush(items: readonly T[]): Promise<readonly R[]>;
}

interface Waiting<T, R> {
  readonly item: T;
  resolve(result: R): void;
  reject(error: unknown): void;
}

export class WritePool<T, R> {
  private waiting: Waiting<T, R>[] = [];
  private timer: NodeJS.Timeout | undefined;
  private writing: Promise<void> | undefined;

  constructor(private readonly options: WritePoolOptions<T, R>) {
    if (!(options.maxSize >= 1 && options.maxDelayMs >= 0))
      throw new RangeError('a pool needs a size of at least 1 and a delay of at least 0');
  }

  /** Resolves with this item's result once its batch is written. */
  add(item: T): Promise<R> {
    return new Promise<R>((resolve, reject) => {
      this.waiting.push({ item, resolve, reject });
      this.schedule();
    });
  }

  /** Writes what is waiting, without delay, and resolves when nothing is. Never rejects: callers get their own errors. */
  async drain(): Promise<void> {
    while (this.waiting.length > 0 || this.writing) await this.write();
  }

  /** Writes one batch now, or joins the write that is under way; what waits behind it is due by the same rules. */
  private write(): Promise<void> {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.writing ??= this.writeBatch(shuffled(this.waiting.splice(0, this.options.maxSize))).finally(() => {
      this.writing = undefined;
      this.schedule();
    });
    return this.writing;
  }

  private schedule(): void {
    if (this.waiting.length >= this.options.maxSize) void this.write();
    else if (this.waiting.length > 0) this.timer ??= setTimeout(() => void this.write(), this.options.maxDelayMs);
  }

  private async writeBatch(batch: readonly Waiting<T, R>[]): Promise<void> {
    try {
      const results = await this.options.flush(batch.map(({ item }) => item));
      if (results.length !== batch.length) throw new Error('flush must give one result per item');
      batch.forEach(({ resolve }, i) => resolve(results[i]!));
    } catch (error) {
      for (const { reject } of batch) reject(error);
    }
  }
}

/** Fisher–Yates with the system's random source; a new array. */
export function shuffled<T>(items: readonly T[]): T[] {
  const out = [...items];
  for (let i = out.length - 1; i > 0; i--) {
    const j = randomInt(i + 1);
    [out[i], out[j]] = [out[j]!, out[i]!];
  }
  return out;
}
