/**
 * Asks hubs' transmitters for a sign of life once a day (SSF 1.0 §8.1.4.2): a verification event with a random state, which is durable before
 * it is asked for. It comes by push or poll like any SET. Operators hear of a transmitter that has not answered.
 */
import { Inject, Injectable } from '@nestjs/common';
import type { BeforeApplicationShutdown, OnApplicationBootstrap } from '@nestjs/common';
import { randomBytes } from 'node:crypto';
import type { HubEntry } from '#contracts';
import { Clock, Repeated } from '#platform';
import { PolicyStore } from '#policy';
import { EVENTS } from '../events.js';
import type { NymsEvents } from '../events.js';
import { HubStreamsRepository } from './hub-streams.repository.js';
import { HubTokens } from './hub-tokens.js';
import { OutsideClient } from '../outside/outside-client.js';

/** An operator may wait for it (`ctl hub verify`). */
const LOOK_MS = 15_000;
/** How long a transmitter may take for its answer. */
const WITHIN_MS = 3_600_000;
const EVERY_MS = 24 * 3_600_000;
const TIMEOUT_MS = 10_000;
const MOST_BYTES = 16_384;

@Injectable()
export class StreamVerifications implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly stopping = new AbortController();
  private readonly looks = new Repeated(
    () => this.look(),
    () => undefined, // health says what is away
  );

  constructor(
    private readonly repository: HubStreamsRepository,
    private readonly policies: PolicyStore,
    private readonly tokens: HubTokens,
    private readonly client: OutsideClient,
    private readonly clock: Clock,
    @Inject(EVENTS) private readonly events: NymsEvents,
  ) {}

  onApplicationBootstrap(): void {
    void this.looks.now();
    this.looks.start(LOOK_MS);
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.stopping.abort();
    await this.looks.stop();
  }

  /** Asks whom it is time to ask. */
  async look(): Promise<void> {
    const { hubs } = this.policies.live().document;
    await Promise.all(hubs.filter(({ status }) => status !== 'suspended').map((hub) => this.askIfDue(hub)));
  }

  private async askIfDue({ id: hub, transmitter }: HubEntry): Promise<void> {
    if (transmitter?.verificationUrl === undefined) return;
    const now = this.clock.now();
    const at = (ms: number) => new Date(now.getTime() + ms);
    const state = randomBytes(32).toString('base64url');
    const asked = await this.repository.beginAsk(hub, { state, now, until: at(WITHIN_MS), again: at(WITHIN_MS - EVERY_MS) });
    if (asked === 'unanswered') this.events.emit('hub-unverified', { hub });
    if (asked === 'not-due') return;
    const request = {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...this.tokens.of(hub) },
      body: JSON.stringify({ stream_id: transmitter.streamId, state }),
      timeoutMs: TIMEOUT_MS,
      mostBytes: MOST_BYTES,
      signal: this.stopping.signal,
    } as const;
    // whatever it answers: what counts is whether the event comes
    await this.client.request(new URL(transmitter.verificationUrl), request).catch(() => undefined);
  }
}
