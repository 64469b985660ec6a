/**
 * One hub: its rooms, what it tells its provider about pseudonyms, and what its provider tells it. Everything it knows of anybody is a
 * pseudonym; it must never learn an account, and nobody can tell it one.
 */
import { HubClient } from '#hub-sdk';
import type { AbuseReport, Notice, SignedSet } from '#hub-sdk';
import type { HubEvents } from './events.js';
import { Subscription } from './provider/subscription.js';
import type { SubscriptionSettings } from './provider/subscription.js';
import { RateMeter } from './rooms/rate-meter.js';
import type { Metric, RateRules } from './rooms/rate-meter.js';
import { Rooms } from './rooms/rooms.js';
import type { JoinOutcome, MessageOutcome, Place } from './rooms/rooms.js';

export interface HubSettings extends Omit<SubscriptionSettings, 'onNotice' | 'events' | 'stopped'> {
  /** First word of its name: `hub-01`. */
  readonly name: string;
  readonly rates: RateRules;
}

export class Hub {
  readonly rooms = new Rooms();
  private readonly meter: RateMeter;
  private readonly client: HubClient;
  private readonly stopped = new AbortController();
  private readonly untilStopped = { signal: this.stopped.signal };
  private readonly received: Record<Notice['kind'], number>;
  private subscription: Subscription | undefined;

  constructor(
    readonly settings: HubSettings,
    private readonly events: HubEvents,
    private readonly now: () => Date = () => new Date(),
  ) {
    const { hub, audience, nyms, key, rates } = settings;
    this.meter = new RateMeter(rates);
    this.client = new HubClient({ hub, audience, nyms, key });
    this.received = { revoked: 0, disabled: 0, enabled: 0, verification: 0, 'stream-updated': 0, other: 0 };
  }

  /** @throws what the SDK throws when the provider has no stream for this hub */
  async subscribe(): Promise<void> {
    const { events, settings } = this;
    this.subscription = await Subscription.open({
      ...settings,
      events,
      stopped: this.stopped.signal,
      onNotice: (notice) => this.take(notice),
    });
    // it may be too soon after the last one, and need not be waited for
    void this.subscription.verify().catch(this.faultOf('verification'));
  }

  get isSubscribed(): boolean {
    return this.subscription !== undefined;
  }

  async stop(): Promise<void> {
    this.stopped.abort();
    await this.subscription?.ended();
  }

  async receivePush(request: Request): Promise<Response> {
    return (await this.subscription?.receivePush(request)) ?? new Response(null, { status: 503 });
  }

  join(room: string, pseudonym: string): JoinOutcome {
    this.subscription?.meet(pseudonym);
    this.meterOne('joins', pseudonym);
    return this.rooms.join(room, pseudonym, this.now());
  }

  message(room: string, pseudonym: string): MessageOutcome {
    const outcome = this.rooms.message(room, pseudonym, this.now());
    if (outcome === 'sent') this.meterOne('messages', pseudonym);
    return outcome;
  }

  async report(pseudonym: string, report: AbuseReport): Promise<SignedSet> {
    this.subscription?.meet(pseudonym);
    const set = await this.client.report(pseudonym, report, this.untilStopped);
    this.events.emit('remedy', { remedy: 'report' });
    return set;
  }

  /** A remedy of the room's own; the provider does not hear of it. */
  mute(room: string, pseudonym: string, seconds: number): boolean {
    const done = this.rooms.mute(room, pseudonym, this.in(seconds));
    if (done) this.events.emit('remedy', { remedy: 'mute' });
    return done;
  }

  async kick(room: string, pseudonym: string): Promise<boolean> {
    if (!this.rooms.kick(room, pseudonym)) return false;
    await this.client.kick(pseudonym, { by: 'room-admin' }, this.untilStopped);
    this.events.emit('remedy', { remedy: 'kick' });
    return true;
  }

  /** It holds here before the provider has heard of it. @param seconds undefined: for good */
  async ban(place: Place, pseudonym: string, seconds: number | undefined): Promise<SignedSet> {
    this.subscription?.meet(pseudonym);
    const jti = crypto.randomUUID();
    this.rooms.ban(place, pseudonym, { until: seconds === undefined ? undefined : this.in(seconds), jti });
    this.events.emit('remedy', { remedy: 'ban' });
    const by = place === 'hub' ? 'hub' : 'room-admin';
    const length = seconds === undefined ? ({ permanent: true } as const) : { durationSeconds: seconds };
    return this.client.ban(pseudonym, { by, ...length }, { jti, ...this.untilStopped });
  }

  /** False when there was no ban. */
  async unban(place: Place, pseudonym: string): Promise<boolean> {
    const ban = this.rooms.unban(place, pseudonym);
    if (!ban) return false;
    await this.client.unban(pseudonym, ban.jti, this.untilStopped);
    this.events.emit('remedy', { remedy: 'unban' });
    return true;
  }

  /** The provider need not tell us about it any more. */
  forget(pseudonym: string): void {
    this.subscription?.forget(pseudonym);
  }

  state() {
    const { hub, pushTo } = this.settings;
    return {
      hub,
      stream: this.subscription && {
        id: this.subscription.stream.stream_id,
        delivery: pushTo ? 'push' : 'poll',
        subjects: this.subscription.subjects,
      },
      received: this.received,
      ...this.rooms.state(this.now()),
    };
  }

  private take(notice: Notice): void {
    this.received[notice.kind]++;
    this.events.emit('notice', { kind: notice.kind });
    if (notice.kind !== 'revoked' && notice.kind !== 'disabled' && notice.kind !== 'enabled') return;
    this.rooms.provider(notice.kind, notice.pseudonym);
  }

  /** Nobody waits for the provider to hear of it. */
  private meterOne(metric: Metric, pseudonym: string): void {
    const excess = this.meter.count(metric, pseudonym, this.now());
    if (!excess) return;
    this.events.emit('rate-exceeded', { metric });
    void this.client.rate(pseudonym, excess, this.untilStopped).catch(this.faultOf('signal'));
  }

  /** No trouble, once the hub stops and has called it off. */
  private faultOf(what: 'verification' | 'signal') {
    return (error: unknown) => {
      if (!this.stopped.signal.aborted) this.events.emit('provider-fault', { what }, error);
    };
  }

  private in(seconds: number): Date {
    return new Date(this.now().getTime() + seconds * 1_000);
  }
}
