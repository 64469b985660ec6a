/**
 * Polls the hubs whose entry in the live policy names a poll address: each by one process at a time, which holds it for a minute in the
 * database, so that another takes over from one that was killed. Two at once would cost work and change nothing.
 */
import { Inject, Injectable } from '@nestjs/common';
import type { BeforeApplicationShutdown, OnApplicationBootstrap, OnApplicationShutdown } from '@nestjs/common';
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { HubEntry } from '#contracts';
import { Clock, Repeated } from '#platform';
import { PolicyStore } from '#policy';
import { EVENTS } from '../events.js';
import type { NymsEvents } from '../events.js';
import { HubLimits } from '../intake/hub-limits.js';
import { IntakeService } from '../intake/intake.service.js';
import { NymsMetrics } from '../metrics.js';
import { HubPoll } from './hub-poll.js';
import { HubStreamsRepository } from './hub-streams.repository.js';
import { HubTokens } from './hub-tokens.js';
import { OutsideClient } from '../outside/outside-client.js';
import { poll } from './poll-request.js';
import type { PollFailure } from './poll-request.js';

const LOOK_MS = 2_000;
const HELD_SECONDS = 60;
const KEEP_MS = 15_000;
/** While another process polls, or the database is away. */
const STAND_BY_MS = 10_000;
/** Of one answer: thousands of SETs, and bounded memory for each hub. */
const MOST_BYTES = 8 * 1_024 * 1_024;

interface Running {
  readonly pollUrl: string;
  readonly stopping: AbortController;
  readonly ended: Promise<void>;
}

@Injectable()
export class HubPoller implements OnApplicationBootstrap, BeforeApplicationShutdown, OnApplicationShutdown {
  private readonly holder = randomUUID();
  private readonly running = new Map<string, Running>();
  private readonly failing = new Set<string>();
  private readonly looks = new Repeated(
    () => this.look(),
    () => undefined, // health says what is away
  );
  private readonly keeps = new Repeated(
    () => this.repository.keep(this.holder, HELD_SECONDS),
    () => undefined,
  );

  constructor(
    private readonly intake: IntakeService,
    private readonly limits: HubLimits,
    private readonly repository: HubStreamsRepository,
    private readonly policies: PolicyStore,
    private readonly tokens: HubTokens,
    private readonly client: OutsideClient,
    private readonly metrics: NymsMetrics,
    private readonly clock: Clock,
    @Inject(EVENTS) private readonly events: NymsEvents,
  ) {}

  onApplicationBootstrap(): void {
    void this.looks.now();
    this.looks.start(LOOK_MS);
    this.keeps.start(KEEP_MS);
  }

  async beforeApplicationShutdown(): Promise<void> {
    await Promise.all([this.looks.stop(), this.keeps.stop()]);
    await Promise.all([...this.running.keys()].map((hub) => this.end(hub)));
  }

  onApplicationShutdown(): Promise<void> {
    return this.client.close();
  }

  /** Begins and ends polls as the live policy says. */
  async look(): Promise<void> {
    const { hubs } = this.policies.live().document;
    const wanted = new Map(hubs.flatMap((hub) => (isPolled(hub) ? [[hub.id, hub.transmitter.pollUrl]] : [])));
    for (const [hub, { pollUrl }] of this.running) if (wanted.get(hub) !== pollUrl) await this.end(hub);
    for (const [hub, pollUrl] of wanted) if (!this.running.has(hub)) this.begin(hub, pollUrl);
  }

  private begin(hub: string, pollUrl: string): void {
    const stopping = new AbortController();
    this.running.set(hub, { pollUrl, stopping, ended: this.run(hub, new URL(pollUrl), stopping.signal) });
  }

  private async end(hub: string): Promise<void> {
    const running = this.running.get(hub);
    running?.stopping.abort();
    await running?.ended;
    this.running.delete(hub);
  }

  private async run(hub: string, url: URL, signal: AbortSignal): Promise<void> {
    const wait = (ms: number): Promise<void> => sleep(ms, undefined, { signal, ref: false });
    const now = () => this.clock.now();
    const own = new HubPoll({
      poll: (request, timeoutMs) =>
        poll(this.client, request, { url, headers: this.tokens.of(hub), timeoutMs, mostBytes: MOST_BYTES, signal, now }),
      take: (jti, token) => this.metrics.signal(() => this.intake.takePolled(hub, jti, token)),
      turnMs: () => this.limits.take(hub, this.intake.setsPerSecond, performance.now()),
      wait,
      failed: (reason) => this.failed(hub, reason),
      answered: () => this.answered(hub),
      monotonicMs: () => performance.now(),
      random: Math.random,
    });
    while (!signal.aborted) {
      try {
        const isOurs = await this.repository.hold(hub, this.holder, HELD_SECONDS);
        await wait(isOurs ? await own.once() : STAND_BY_MS * (0.5 + Math.random() / 2));
      } catch {
        if (!signal.aborted) this.failed(hub, 'unavailable'); // the database is away
        await wait(STAND_BY_MS).catch(() => undefined); // or we stop
      }
    }
    await this.repository.release(this.holder, hub).catch(() => undefined); // it runs out by itself
  }

  private failed(hub: string, reason: PollFailure): void {
    this.metrics.polled(reason);
    if (!this.failing.has(hub)) this.events.emit('hub-poll-failing', { hub, reason }); // once, not at every try
    this.failing.add(hub);
  }

  private answered(hub: string): void {
    this.metrics.polled('answered');
    if (this.failing.delete(hub)) this.events.emit('hub-poll-resumed', { hub });
  }
}

type PolledHub = HubEntry & { readonly transmitter: { readonly pollUrl: string } };
/** A suspended hub is not asked. */
const isPolled = (hub: HubEntry): hub is PolledHub => hub.status !== 'suspended' && hub.transmitter?.pollUrl !== undefined;
