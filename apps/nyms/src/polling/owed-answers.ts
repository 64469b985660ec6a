/**
 * What a transmitter is still to be told (RFC 8936 §2.2): SETs that are durable here, and those refused for good. Kept until a poll with them
 * was answered; in memory only, since what is not told comes again and is told then. Pure.
 */
import type { PollRequest } from '#contracts';
import type { SetRefused } from '#signals';

export class OwedAnswers {
  private readonly taken = new Set<string>();
  private readonly refused = new Map<string, SetRefused>();

  get isEmpty(): boolean {
    return this.taken.size + this.refused.size === 0;
  }

  take(jti: string): void {
    this.refused.delete(jti);
    this.taken.add(jti);
  }

  refuse(jti: string, why: SetRefused): void {
    if (!this.taken.has(jti)) this.refused.set(jti, why);
  }

  /** All of them, as a poll says them. */
  toSay(): Pick<PollRequest, 'ack' | 'setErrs'> {
    const errors = [...this.refused].map(([jti, { err, description }]) => [jti, { err, description }] as const);
    return {
      ...(this.taken.size > 0 && { ack: [...this.taken] }),
      ...(errors.length > 0 && { setErrs: Object.fromEntries(errors) }),
    };
  }

  /** The transmitter has heard them. */
  said({ ack = [], setErrs = {} }: Pick<PollRequest, 'ack' | 'setErrs'>): void {
    for (const jti of ack) this.taken.delete(jti);
    for (const jti of Object.keys(setErrs)) this.refused.delete(jti);
  }
}
