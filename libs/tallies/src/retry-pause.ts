/** Growing pauses between tries of one thing: 0.5 s, then twice as long each time, up to five minutes. In memory only. */
const firstMs = 500;
const mostMs = 5 * 60_000;

export class RetryPause {
  readonly #pauses = new Map<string, { readonly untilMs: number; readonly lengthMs: number }>();

  constructor(private readonly nowMs: () => number = () => performance.now()) {}

  /** @returns true when this is the first pause for the key. */
  begin(key: string): boolean {
    const before = this.#pauses.get(key);
    const lengthMs = before ? Math.min(mostMs, 2 * before.lengthMs) : firstMs;
    this.#pauses.set(key, { lengthMs, untilMs: this.nowMs() + lengthMs });
    return before === undefined;
  }

  isOver(key: string): boolean {
    const pause = this.#pauses.get(key);
    return pause === undefined || this.nowMs() >= pause.untilMs;
  }

  end(key: string): void {
    this.#pauses.delete(key);
  }
}
