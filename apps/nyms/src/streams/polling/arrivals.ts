/**
 * Polls that wait for something to come (RFC 8936 §2.4, long polling). One look into the database serves all of them; a bounded number may
 * wait, for less than half a minute, and nobody when the process ends.
 */
import { Injectable } from '@nestjs/common';
import type { BeforeApplicationShutdown, OnApplicationBootstrap } from '@nestjs/common';
import { Health, Repeated } from '#platform';
import { QueueRepository } from '../delivery/queue.repository.js';

const LOOK_MS = 500;
const LONGEST_WAIT_MS = 25_000;
const MOST_WAITING = 256;
const MOST_OF_A_STREAM = 2;

@Injectable()
export class Arrivals implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly waiting = new Map<string, Set<() => void>>();
  private readonly stopping = new AbortController();
  // a look that fails is followed by another; health says that the database is away
  private readonly looks = new Repeated(
    () => this.look(),
    () => undefined,
  );

  constructor(
    private readonly queue: QueueRepository,
    private readonly health: Health,
  ) {}

  onApplicationBootstrap(): void {
    this.looks.start(LOOK_MS);
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.stopping.abort();
    await this.looks.stop();
  }

  /** How many wait. */
  get count(): number {
    return [...this.waiting.values()].reduce((sum, { size }) => sum + size, 0);
  }

  /** Resolves when there may be something, or nothing has come for long. @returns false at once when too many wait already */
  async wait(stream: string, gone?: AbortSignal): Promise<boolean> {
    const ended = AbortSignal.any([this.health.ending, this.stopping.signal, ...(gone ? [gone] : [])]);
    const mine = this.waiting.get(stream) ?? new Set();
    if (ended.aborted || this.count >= MOST_WAITING || mine.size >= MOST_OF_A_STREAM) return false;
    this.waiting.set(stream, mine);
    await new Promise<void>((resolve) => {
      const done = () => {
        clearTimeout(timer);
        ended.removeEventListener('abort', done);
        mine.delete(done);
        if (mine.size === 0) this.waiting.delete(stream);
        resolve();
      };
      const timer = setTimeout(done, LONGEST_WAIT_MS).unref();
      ended.addEventListener('abort', done);
      mine.add(done);
    });
    return true;
  }

  private async look(): Promise<void> {
    if (this.waiting.size === 0) return;
    for (const stream of await this.queue.withSome([...this.waiting.keys()])) {
      for (const done of [...(this.waiting.get(stream) ?? [])]) done();
    }
  }
}
