/**
 * Work that comes round while a process lives: one run at a time, ended with it. What a run does, when it is due and who hears of a failure
 * is the caller's.
 */
export class Repeated {
  private timer: NodeJS.Timeout | undefined;
  private running: Promise<void> | undefined;

  /** @param failed told what a run has thrown; the next one tries again */
  constructor(
    private readonly work: () => Promise<unknown>,
    private readonly failed: (error: unknown) => void,
  ) {}

  /** The first run comes after one interval. Keeps no process alive. */
  start(everyMs: number): void {
    this.timer = setInterval(() => void this.now(), everyMs);
    this.timer.unref();
  }

  /** A run that is under way counts. Never rejects. */
  now(): Promise<void> {
    this.running ??= this.once().finally(() => (this.running = undefined));
    return this.running;
  }

  /** No run begins after this; the one under way is waited for. */
  async stop(): Promise<void> {
    clearInterval(this.timer);
    await this.running;
  }

  private async once(): Promise<void> {
    try {
      await this.work();
    } catch (error) {
      this.failed(error);
    }
  }
}
