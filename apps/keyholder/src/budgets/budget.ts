/** So much in each span of time and no more: what a caller that was taken over can do before somebody looks. Pure. */
export class Budget {
  private span = -1;
  private spent = 0;

  /** @param most of one span */
  constructor(private readonly most: number) {}

  /**
   * Takes all of `amount` or nothing. Spans are whole multiples of their length; a clock that is set back opens none that was over.
   * @param spanMs length of a span
   */
  take(amount: number, nowMs: number, spanMs: number): boolean {
    const span = Math.floor(nowMs / spanMs);
    if (span > this.span) {
      this.span = span;
      this.spent = 0;
    }
    if (this.spent + amount > this.most) return false;
    this.spent += amount;
    return true;
  }
}
