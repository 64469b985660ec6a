/** A hub that wants to be told of pseudonyms: its stream, made with the SDK, and what came of it. */
import { createPrivateKey } from 'node:crypto';
import { ClientCredentials, deliveryMethods, discover, NoticeVerifier, poll, RecentNotices, StreamClient } from '#hub-sdk';
import type { AccessTokens, Notice, ProviderMetadata, Stream as Configured } from '#hub-sdk';
import type { Stack } from '../../../apps/ctl/src/stack/stack.js';

export class HubStream {
  private readonly seen = new RecentNotices();

  private constructor(
    private readonly client: StreamClient,
    private readonly stream: Configured,
    private readonly tokens: AccessTokens,
    private readonly verifier: NoticeVerifier,
    private readonly now: () => Date,
  ) {}

  /** @param index of a hub of the stack */
  static async open(stack: Stack, index: number, now: () => Date): Promise<HubStream> {
    const { audience } = stack.policy();
    const { id, kid, key } = stack.keys.hubs[index]!;
    const metadata: ProviderMetadata = await discover(audience, { at: stack.urls.nyms });
    const signing = { kid, alg: 'EdDSA' as const, privateKey: createPrivateKey(key.toPem()) };
    const tokens = new ClientCredentials({ tokenEndpoint: `${stack.urls.issuer}/token`, clientId: id, key: signing, now });
    const client = new StreamClient({ metadata, tokens, now });
    const stream = await client.create({ delivery: { method: deliveryMethods.poll }, description: 'played' });
    const verifier = new NoticeVerifier({ issuer: audience, audience: id, keys: metadata.jwks_uri, now });
    return new HubStream(client, stream, tokens, verifier, now);
  }

  async add(uris: readonly string[]): Promise<void> {
    for (const uri of uris) await this.client.addSubject(this.stream.stream_id, uri);
  }

  /** What waits now; all of it is acknowledged. */
  async take(): Promise<Notice[]> {
    const { verifier, seen, tokens, now } = this;
    const notices: Notice[] = [];
    const asked = { endpoint: this.stream.delivery.endpoint_url!, verifier, seen, tokens, now, once: true };
    for await (const notice of poll(asked)) notices.push(notice);
    return notices;
  }
}
