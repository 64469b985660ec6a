/** A hub that has a stream: what it asks nyms, with a token of the development issuer. */
import { pollAnswer, streamConfiguration, streamScopes } from '#contracts';
import type { StreamStatus } from '#contracts';
import type { Stack } from '../../stack/stack.js';

export class StreamOwner {
  private constructor(
    private readonly nyms: string,
    private readonly token: string,
    readonly streamId: string,
  ) {}

  /** @param index of the hub among those of the stack */
  static async create(stack: Stack, index: number, delivery: object): Promise<StreamOwner> {
    const client = stack.keys.hubs[index]?.id ?? '';
    const scope = Object.values(streamScopes).join(' ');
    const token = await stack.issuer.mint(client, { claims: { aud: stack.urls.nyms, client_id: client, scope } });
    const made = await post(`${stack.urls.nyms}/v1/streams`, token, { delivery });
    return new StreamOwner(stack.urls.nyms, token, streamConfiguration.parse(made).stream_id);
  }

  async setStatus(status: StreamStatus): Promise<void> {
    await post(`${this.nyms}/v1/streams/status`, this.token, { stream_id: this.streamId, status });
  }

  /** @returns the ids of the SETs that came */
  async poll(ack: readonly string[], maxEvents: number): Promise<string[]> {
    const body = { ack, maxEvents, returnImmediately: true };
    return Object.keys(pollAnswer.parse(await post(`${this.nyms}/v1/streams/poll/${this.streamId}`, this.token, body)).sets);
  }
}

async function post(url: string, token: string, body: object): Promise<unknown> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
    body: JSON.stringify(body),
  });
  if (!response.ok) throw new Error(`nyms answered ${response.status}`);
  return response.json();
}
