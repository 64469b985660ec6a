/**
 * Redemptions that reach nyms together, as at a busy service: each waits until all of its burst are ready to be sent and the burst
 * before is answered. Otherwise the test's own clients would be too slow to fill a pool of mints.
 */
export class Burst {
  private readonly open = Promise.withResolvers<void>();
  private ready = 0;

  /** @param size requests of this burst */
  constructor(
    private readonly size: number,
    private readonly before: Promise<unknown>,
  ) {}

  /** Resolves when the burst is on its way. */
  get sent(): Promise<void> {
    return this.open.promise;
  }

  /** One more is ready; resolves when it may be sent. */
  pass(): Promise<void> {
    this.ready += 1;
    if (this.ready === this.size) this.open.resolve(this.before.then(() => undefined));
    return this.open.promise;
  }
}
