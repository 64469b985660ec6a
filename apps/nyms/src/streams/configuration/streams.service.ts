/**
 * What a hub may do with its stream (SSF 1.0 §8.1): make, read, change, replace and delete it, say whether it runs, and have it verified.
 * Everything is looked up under the hub's own name, so that another's stream is as absent as none.
 */
import { deliveryMethods, Problem } from '#contracts';
import type {
  HubEntry,
  SigningAlgorithm,
  StreamChange,
  StreamConfiguration,
  StreamCreation,
  StreamDelivery,
  StreamStatusAnswer,
} from '#contracts';
import type { Clock } from '#platform';
import type { PolicyStore } from '#policy';
import { endpointFault } from '../../outside/public-addresses.js';
import type { StreamEvents } from '../delivery/stream-events.repository.js';
import { freshId } from '../notices/notice.js';
import type { SetKeys } from '../notices/set-keys.js';
import { configurationOf, MIN_VERIFICATION_SECONDS, wrongMember } from './stream.js';
import type { Stream } from './stream.js';
import type { StreamsRepository } from './streams.repository.js';

export interface TransmitterSettings {
  /** What endpoints begin with, without a slash at the end. */
  readonly publicUrl: string;
  readonly production: boolean;
}

export class Streams {
  constructor(
    private readonly repository: StreamsRepository,
    private readonly events: StreamEvents,
    private readonly keys: SetKeys,
    private readonly policies: Pick<PolicyStore, 'live'>,
    private readonly clock: Clock,
    private readonly settings: TransmitterSettings,
  ) {}

  /** @throws Problem request-malformed; stream-exists */
  async create(hub: HubEntry, asked: StreamCreation): Promise<StreamConfiguration> {
    const stream = { id: freshId(), hub: hub.id, ...this.deliveryOf(asked.delivery), ...this.restOf(hub, asked) };
    if (!(await this.repository.create(stream))) throw new Problem('stream-exists');
    return this.shown(stream);
  }

  /** @throws Problem not-found */
  async read(hub: HubEntry, id: string): Promise<StreamConfiguration> {
    return this.shown(await this.find(hub, id));
  }

  async list(hub: HubEntry): Promise<StreamConfiguration[]> {
    const stream = await this.repository.find(hub.id);
    return stream ? [this.shown(stream)] : [];
  }

  /** @param mode what becomes of what the receiver may supply and did not. @throws Problem not-found; request-malformed */
  async change(hub: HubEntry, asked: StreamChange, mode: 'update' | 'replace'): Promise<StreamConfiguration> {
    const before = await this.find(hub, asked.stream_id);
    const wrong = wrongMember(asked, this.shown(before));
    if (wrong) throw new Problem('request-malformed', { detail: `body.${wrong} is not the receiver's to change` });
    const rest = this.restOf(hub, mode === 'update' ? { ...asked, signing_alg: asked.signing_alg ?? before.alg } : asked);
    const kept: Stream = mode === 'update' ? { ...before, ...defined(rest) } : { ...before, ...rest };
    const replaces = mode === 'replace' || asked.delivery !== undefined;
    const after = { ...kept, ...(replaces && this.deliveryOf(asked.delivery)) };
    if (!(await this.repository.change(after))) throw new Problem('not-found');
    return this.shown(after);
  }

  /** @throws Problem not-found */
  async remove(hub: HubEntry, id: string): Promise<void> {
    await this.repository.remove((await this.find(hub, id)).id);
  }

  /** @throws Problem not-found */
  async status(hub: HubEntry, id: string): Promise<StreamStatusAnswer> {
    const { status, reason } = await this.find(hub, id);
    return { stream_id: id, status, ...(reason !== undefined && { reason }) };
  }

  /** @throws Problem not-found */
  async setStatus(hub: HubEntry, { stream_id: id, status, reason }: StreamStatusAnswer): Promise<StreamStatusAnswer> {
    await this.find(hub, id);
    await this.events.setStatus(id, status, reason, 'hub');
    return this.status(hub, id);
  }

  /** @throws Problem not-found; request-limit-reached */
  async verify(hub: HubEntry, id: string, state: string | undefined): Promise<void> {
    const stream = await this.find(hub, id);
    const now = this.clock.now();
    const since = new Date(now.getTime() - MIN_VERIFICATION_SECONDS * 1_000);
    if (!(await this.repository.noteVerification(id, now, since)))
      throw new Problem('request-limit-reached', { retryAfterMs: MIN_VERIFICATION_SECONDS * 1_000 });
    await this.events.queue(stream, 'verification', state === undefined ? {} : { state });
  }

  private async find(hub: HubEntry, id: string) {
    const stream = await this.repository.find(hub.id, id);
    if (!stream) throw new Problem('not-found');
    return stream;
  }

  private shown(stream: Stream): StreamConfiguration {
    return configurationOf(stream, this.policies.live().document.audience, this.settings.publicUrl);
  }

  private deliveryOf(delivery: StreamDelivery | undefined): Pick<Stream, 'method' | 'endpointUrl' | 'authorization'> {
    if (delivery?.method !== deliveryMethods.push) return { method: 'poll', endpointUrl: undefined, authorization: undefined };
    const { endpoint_url: endpointUrl, authorization_header: authorization } = delivery;
    const fault = endpointFault(endpointUrl, this.settings.production);
    if (fault) throw new Problem('request-malformed', { detail: `body.delivery.endpoint_url ${fault}` });
    return { method: 'push', endpointUrl, authorization };
  }

  private restOf(hub: HubEntry, asked: StreamCreation) {
    const { events_requested: eventsRequested, description, signing_alg: alg } = asked;
    if (alg && !this.keys.algorithms.includes(alg))
      throw new Problem('request-malformed', { detail: 'body.signing_alg is none of the documented values' });
    return { eventsRequested, description, alg: alg ?? this.usualAlgorithm(hub) };
  }

  /** What the hub signs with itself it can verify; RS256 is what every receiver must (CAEP interoperability profile §2.6). */
  private usualAlgorithm(hub: HubEntry): SigningAlgorithm {
    const { algorithms } = this.keys;
    const wanted = hub.keys[0]?.alg ?? 'RS256';
    return algorithms.find((alg) => alg === wanted) ?? algorithms.find((alg) => alg === 'RS256') ?? algorithms[0]!;
  }
}

const defined = <T extends object>(members: T): Partial<T> =>
  Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined)) as Partial<T>;
