/**
 * The hub's stream at its provider: found or made at the start, verified, and kept told of the pseudonyms that the hub meets. Subjects
 * are added one after the other in the background, so that joining a room waits for nobody.
 */
import {
  AskedStates,
  ClientCredentials,
  deliveryMethods,
  discover,
  NoticeVerifier,
  poll,
  pushReceiver,
  RecentNotices,
} from '#hub-sdk';
import { StreamClient, StreamRefused } from '#hub-sdk';
import type { AccessTokens, HubSigningKey, Notice, ProviderMetadata, Stream } from '#hub-sdk';
import type { HubEvents } from '../events.js';

export interface SubscriptionSettings {
  readonly hub: string;
  readonly audience: string;
  readonly nyms: string;
  readonly key: HubSigningKey;
  readonly tokenEndpoint: string;
  /** Where pushes reach this hub; without it, it polls. */
  readonly pushTo: string | undefined;
  readonly onNotice: (notice: Notice) => void;
  readonly events: HubEvents;
  /** The hub stops: nothing is asked any more. */
  readonly stopped: AbortSignal;
}

const AGAIN_MS = 1_000;

export class Subscription {
  private readonly wanted = new Map<string, 'add' | 'remove'>();
  private readonly known = new Set<string>();
  private isTelling = false;
  private working: Promise<void> | undefined;
  private polling: Promise<void> | undefined;

  /** The endpoint that the provider pushes to. */
  readonly receivePush: (request: Request) => Promise<Response>;

  private constructor(
    private readonly settings: SubscriptionSettings,
    private readonly client: StreamClient,
    readonly stream: Stream,
    private readonly tokens: AccessTokens,
    private readonly states: AskedStates,
    metadata: ProviderMetadata,
    authorization: string,
  ) {
    const { hub, audience, onNotice, events } = settings;
    const verifier = new NoticeVerifier({ issuer: audience, audience: hub, keys: metadata.jwks_uri });
    const seen = new RecentNotices();
    const onFault = (error: unknown) => events.emit('provider-fault', { what: 'notice' }, error);
    this.receivePush = pushReceiver({ verifier, seen, states, authorization, onNotice, onFault });
    if (settings.pushTo === undefined)
      this.polling = this.pollOn({ verifier, seen, states, onFault }).catch((error: unknown) => onFault(error));
  }

  /** @throws StreamUnavailable, StreamRefused, TokenUnavailable */
  static async open(settings: SubscriptionSettings): Promise<Subscription> {
    const { hub, audience, nyms, key, tokenEndpoint, pushTo, events, stopped: signal } = settings;
    const metadata = await discover(audience, { at: nyms });
    const tokens = new ClientCredentials({ tokenEndpoint, clientId: hub, key });
    const client = new StreamClient({ metadata, tokens, signal });
    const authorization = `Bearer ${crypto.randomUUID()}`;
    const delivery = pushTo
      ? { method: deliveryMethods.push, endpoint_url: pushTo, authorization_header: authorization }
      : { method: deliveryMethods.poll };
    const [present] = await client.list();
    const stream = present
      ? await client.update({ stream_id: present.stream_id, delivery })
      : await client.create({ delivery, description: 'reference hub' });
    events.emit('subscribed', { delivery: pushTo ? 'push' : 'poll', made: !present });
    return new Subscription(settings, client, stream, tokens, new AskedStates(), metadata, authorization);
  }

  /** Asks for a verification event; it comes as a notice. */
  async verify(): Promise<void> {
    await this.client.verify(this.stream.stream_id, this.states.ask());
  }

  /** From now on, we want to be told about it. */
  meet(pseudonym: string): void {
    if (this.known.has(pseudonym)) return;
    this.known.add(pseudonym);
    this.want(pseudonym, 'add');
  }

  /** It is in no room of ours and no list any more. */
  forget(pseudonym: string): void {
    if (this.known.delete(pseudonym)) this.want(pseudonym, 'remove');
  }

  get subjects(): { readonly known: number; readonly toTell: number } {
    return { known: this.known.size, toTell: this.wanted.size };
  }

  /** Resolves when nothing is under way: once the hub has said that it stops. */
  async ended(): Promise<void> {
    await Promise.all([this.working, this.polling]);
  }

  private want(pseudonym: string, what: 'add' | 'remove'): void {
    this.wanted.set(pseudonym, what);
    if (this.isTelling) return;
    this.isTelling = true;
    this.working = this.tellAll();
  }

  private async tellAll(): Promise<void> {
    for (const [pseudonym, what] of this.wanted) {
      if (this.settings.stopped.aborted) return;
      this.wanted.delete(pseudonym); // what is wanted meanwhile comes behind
      try {
        await (what === 'add'
          ? this.client.addSubject(this.stream.stream_id, pseudonym)
          : this.client.removeSubject(this.stream.stream_id, pseudonym));
      } catch (error) {
        if (this.settings.stopped.aborted) return;
        this.settings.events.emit('provider-fault', { what: 'subject' }, error);
        if (error instanceof StreamRefused) continue;
        if (!this.wanted.has(pseudonym)) this.wanted.set(pseudonym, what);
        await new Promise((resolve) => setTimeout(resolve, AGAIN_MS));
      }
    }
    this.isTelling = false;
  }

  private async pollOn(admission: Pick<Parameters<typeof poll>[0], 'verifier' | 'seen' | 'states' | 'onFault'>): Promise<void> {
    const { endpoint_url: endpoint } = this.stream.delivery;
    for await (const notice of poll({ ...admission, endpoint, tokens: this.tokens, signal: this.settings.stopped }))
      this.settings.onNotice(notice);
  }
}
