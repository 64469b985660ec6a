/**
 * Bounds how many requests of a kind are under way at once, for all callers together: the routes that anybody may call must not pile up
 * work that nobody can finish. Looks at no caller, so nobody is told apart; whoever comes too much is asked to come again.
 */
import { Problem } from '#contracts';

const COME_AGAIN_MS = 1_000;

export class Gate {
  private underWay = 0;

  constructor(private readonly most: number) {}

  /** @throws Problem request-limit-reached */
  async within<T>(work: () => Promise<T>): Promise<T> {
    if (this.underWay >= this.most) throw new Problem('request-limit-reached', { retryAfterMs: COME_AGAIN_MS });
    this.underWay += 1;
    try {
      return await work();
    } finally {
      this.underWay -= 1;
    }
  }
}
