/**
 * A hub's stream at a provider (SSF 1.0 §8.1): made, read, changed and deleted; which pseudonyms it is told about; and whether it
 * lives. Add a pseudonym when you meet it and remove it when you forget it: the answer is the same whether the provider knows it.
 */
import { z } from 'zod';
import { streamConfiguration, streamStatus } from '#contracts';
import type { StreamChange, StreamConfiguration, StreamCreation, StreamStatus, StreamStatusAnswer } from '#contracts';
import { defaultRetry } from '../backoff.js';
import type { RetryRules } from '../backoff.js';
import { StreamUnavailable } from '../errors.js';
import { sleep } from '../sleep.js';
import type { AccessTokens } from './access-tokens.js';
import { ask } from './asking.js';
import type { Asking, Question } from './asking.js';
import type { ProviderMetadata } from './metadata.js';

export interface StreamClientOptions {
  readonly metadata: ProviderMetadata;
  readonly tokens: AccessTokens;
  readonly retry?: Partial<RetryRules>;
  readonly timeoutMs?: number;
  readonly fetch?: typeof fetch;
  readonly now?: () => Date;
  readonly random?: () => number;
  readonly wait?: Asking['wait'];
  /** Calls off whatever is asked or waits to be asked again: its reason is what is thrown then. */
  readonly signal?: AbortSignal;
}

/** What a hub needs of a stream that any transmitter made; ours says more. */
const anyStream = streamConfiguration
  .partial()
  .required({ stream_id: true, iss: true, delivery: true })
  .extend({ aud: z.union([z.string(), z.array(z.string())]), signing_alg: z.string().optional() });
export type Stream = Omit<Partial<StreamConfiguration>, 'aud' | 'signing_alg'> & z.output<typeof anyStream>;

export class StreamClient {
  private readonly asking: Asking;

  constructor(private readonly options: StreamClientOptions) {
    this.asking = {
      tokens: options.tokens,
      retry: { ...defaultRetry, ...options.retry },
      timeoutMs: options.timeoutMs ?? 10_000,
      fetch: options.fetch ?? globalThis.fetch,
      now: options.now ?? (() => new Date()),
      random: options.random ?? Math.random,
      wait: options.wait ?? sleep,
    };
  }

  /** Without `delivery`: by poll. @throws StreamRefused 409 when the hub has its stream already */
  create(creation: StreamCreation): Promise<Stream> {
    return this.configured({ method: 'POST', url: this.url('configuration_endpoint'), body: creation });
  }

  read(streamId: string): Promise<Stream> {
    return this.configured({ method: 'GET', url: this.url('configuration_endpoint', streamId) });
  }

  /** All streams of this hub. */
  async list(): Promise<readonly Stream[]> {
    return usable(z.array(anyStream), await this.ask({ method: 'GET', url: this.url('configuration_endpoint') }));
  }

  /** What is left out stays as it is. */
  update(change: StreamChange): Promise<Stream> {
    return this.configured({ method: 'PATCH', url: this.url('configuration_endpoint'), body: change });
  }

  /** What is left out goes. */
  replace(change: StreamChange): Promise<Stream> {
    return this.configured({ method: 'PUT', url: this.url('configuration_endpoint'), body: change });
  }

  async delete(streamId: string): Promise<void> {
    await this.ask({ method: 'DELETE', url: this.url('configuration_endpoint', streamId) });
  }

  async status(streamId: string): Promise<StreamStatusAnswer> {
    return usable(streamStatus, await this.ask({ method: 'GET', url: this.url('status_endpoint', streamId) }));
  }

  async setStatus(streamId: string, status: StreamStatus, reason?: string): Promise<StreamStatusAnswer> {
    const body = { stream_id: streamId, status, ...(reason !== undefined && { reason }) };
    return usable(streamStatus, await this.ask({ method: 'POST', url: this.url('status_endpoint'), body }));
  }

  /** From now on, tell us about this pseudonym. */
  async addSubject(streamId: string, uri: string): Promise<void> {
    const body = { stream_id: streamId, subject: { format: 'uri', uri } };
    await this.ask({ method: 'POST', url: this.url('add_subject_endpoint'), body });
  }

  /** What is under way may still come. */
  async removeSubject(streamId: string, uri: string): Promise<void> {
    const body = { stream_id: streamId, subject: { format: 'uri', uri } };
    await this.ask({ method: 'POST', url: this.url('remove_subject_endpoint'), body });
  }

  /** Asks for a verification event; it comes as a notice, with this state. */
  async verify(streamId: string, state?: string): Promise<void> {
    const body = { stream_id: streamId, ...(state !== undefined && { state }) };
    await this.ask({ method: 'POST', url: this.url('verification_endpoint'), body });
  }

  private async configured(question: Question): Promise<Stream> {
    return usable(anyStream, await this.ask(question));
  }

  private ask(question: Question): Promise<unknown> {
    const { signal } = this.options;
    return ask({ ...question, ...(signal && { signal }) }, this.asking);
  }

  private url(name: Exclude<keyof ProviderMetadata, 'issuer' | 'jwks_uri'>, streamId?: string): URL {
    const address = this.options.metadata[name];
    if (address === undefined) throw new TypeError(`this provider has no ${name}`);
    const url = new URL(address);
    if (streamId !== undefined) url.searchParams.set('stream_id', streamId);
    return url;
  }
}

function usable<T>(shape: z.ZodType<T>, answer: unknown): T {
  const parsed = shape.safeParse(answer);
  if (!parsed.success) throw new StreamUnavailable('the answer cannot be understood', { cause: parsed.error });
  return parsed.data;
}
