/**
 * The poll of one hub (RFC 8936), over and over: what it brings goes the way of a pushed SET and is acknowledged with the next request, after
 * its commit. What cannot be judged now is neither acknowledged nor refused, so it comes again. Asks at once while there is something to say or
 * to fetch, else lets the transmitter wait for news. Whatever is lost on the way comes again, and counts once.
 */
import { Problem } from '#contracts';
import type { PollRequest } from '#contracts';
import { backoffMs } from '#platform';
import { SetRefused } from '#signals';
import { OwedAnswers } from './owed-answers.js';
import { PollFailed } from './poll-request.js';
import type { Polled, PollFailure } from './poll-request.js';

/** A long poll that is not answered by then has brought nothing. */
const LONG_POLL_MS = 45_000;
const ANSWER_MS = 30_000;
const MOST_EVENTS = 1_000;
/** After what could not be judged. */
const LEAST_WAIT_MS = 1_000;
const PAUSES = { firstMs: 2_000, longestMs: 300_000 };
/** Between polls that bring nothing, where the transmitter should have waited or sent something. */
const EMPTY_PAUSE_MS = 2_000;
/** SETs that wait for their commit together. */
const UNDER_WAY = 128;

export interface HubPollParts {
  /** @throws PollFailed */
  poll(request: PollRequest, timeoutMs: number): Promise<Polled>;
  /** Resolves when durable. @throws SetRefused, Problem service-unavailable */
  take(jti: string, token: string): Promise<void>;
  /** 0 when the hub's limit lets one SET in, else ms after which to ask again. */
  turnMs(): number;
  /** Rejects when the poller stops. */
  wait(ms: number): Promise<void>;
  failed(reason: PollFailure): void;
  answered(): void;
  readonly monotonicMs: () => number;
  /** in [0, 1) */
  readonly random: () => number;
}

export class HubPoll {
  private readonly owed = new OwedAnswers();
  private mostEvents = MOST_EVENTS;
  private failures = 0;
  /** Has the last answer said that nothing waits? Before the first one, nobody knows. */
  private isDrained = false;

  constructor(private readonly parts: HubPollParts) {}

  /** One poll and all it brings. @returns ms until the next */
  async once(): Promise<number> {
    const began = this.parts.monotonicMs();
    const mayWait = this.owed.isEmpty && this.isDrained;
    const timeoutMs = mayWait ? LONG_POLL_MS : ANSWER_MS;
    const said = this.owed.toSay();
    let polled: Polled;
    try {
      polled = await this.parts.poll({ maxEvents: this.mostEvents, returnImmediately: !mayWait, ...said }, timeoutMs);
    } catch (error) {
      if (!(error instanceof PollFailed)) throw error;
      this.isDrained = false;
      const hasWaited = mayWait && error.reason === 'no-answer' && this.parts.monotonicMs() - began >= timeoutMs;
      return hasWaited ? 0 : this.afterFailure(error);
    }
    this.owed.said(said);
    this.isDrained = polled.sets.length === 0 && !polled.moreAvailable;
    const laterMs = await this.takeAll(polled);
    if (laterMs > 0) return this.backOff('unavailable', laterMs);
    this.failures = 0;
    this.mostEvents = Math.min(MOST_EVENTS, this.mostEvents * 2);
    this.parts.answered();
    const isEmpty = polled.sets.length === 0 && (mayWait || polled.moreAvailable);
    return isEmpty ? Math.max(0, EMPTY_PAUSE_MS - (this.parts.monotonicMs() - began)) : 0;
  }

  /** @returns ms after which what could not be judged may be; 0 when all was taken or refused */
  private async takeAll({ sets }: Polled): Promise<number> {
    const underWay = new Set<Promise<void>>();
    let laterMs = 0;
    const take = async (jti: string, token: unknown) => {
      try {
        if (typeof token !== 'string') throw new SetRefused('invalid_request', 'not a compact JWS of three parts');
        await this.parts.take(jti, token);
        this.owed.take(jti);
      } catch (error) {
        if (error instanceof SetRefused) return this.owed.refuse(jti, error);
        const wait = error instanceof Problem ? error.extensions.retryAfterMs : undefined;
        laterMs = Math.max(laterMs, wait ?? LEAST_WAIT_MS);
      }
    };
    try {
      for (const [jti, token] of sets) {
        for (let ms = this.parts.turnMs(); ms > 0; ms = this.parts.turnMs()) await this.parts.wait(ms);
        const taking: Promise<void> = take(jti, token).finally(() => underWay.delete(taking));
        underWay.add(taking);
        if (underWay.size >= UNDER_WAY) await Promise.race(underWay);
      }
    } finally {
      await Promise.all(underWay);
    }
    return laterMs;
  }

  private afterFailure({ reason, retryAfterMs }: PollFailed): number {
    if (reason === 'too-large' && this.mostEvents > 1) {
      this.mostEvents = Math.floor(this.mostEvents / 2); // so many are too large together; one SET never is
      return 0;
    }
    return this.backOff(reason, retryAfterMs);
  }

  private backOff(reason: PollFailure, askedMs: number): number {
    this.parts.failed(reason);
    this.failures += 1;
    return backoffMs(PAUSES, this.failures, this.parts.random(), askedMs);
  }
}
