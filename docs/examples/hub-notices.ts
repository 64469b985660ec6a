/**
 * The second half of hub.ts, what a hub hears: it subscribes, is pushed a notice, and fetches one. The notices here are verification
 * events, which any hub can ask for; those about pseudonyms come by the same ways.
 */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import {
  AskedStates,
  ClientCredentials,
  deliveryMethods,
  discover,
  NoticeVerifier,
  poll,
  pushReceiver,
  RecentNotices,
  StreamClient,
} from '#hub-sdk';
import type { Notice } from '#hub-sdk';
import type { Options } from './hub-options.ts';

export async function playNotices(
  { pseudonym, hub, audience, nyms, tokenEndpoint, key }: Options,
  fetch: typeof globalThis.fetch,
  print: (line: string) => void,
): Promise<void> {
  print('7. subscribe: find the endpoints, get a token with our own key, make a stream, and name the pseudonyms we have met');
  const metadata = await discover(audience, { at: nyms, fetch });
  const tokens = new ClientCredentials({ tokenEndpoint, clientId: hub, key, fetch });
  const client = new StreamClient({ metadata, tokens, fetch });
  for (const { stream_id: old } of await client.list()) await client.delete(old);

  const states = new AskedStates();
  const verifier = new NoticeVerifier({ issuer: audience, audience: hub, keys: metadata.jwks_uri });
  const admission = { verifier, seen: new RecentNotices(), states };
  const authorization = `Bearer ${crypto.randomUUID()}`;
  const verified = Promise.withResolvers<void>();
  const onNotice = (notice: Notice) => {
    print(`   ${told(notice)}`);
    if (notice.kind === 'verification') verified.resolve();
  };
  const server = await serve(pushReceiver({ ...admission, authorization, onNotice }));
  try {
    const delivery = { method: deliveryMethods.push, endpoint_url: server.url, authorization_header: authorization } as const;
    const { stream_id: stream } = await client.create({ delivery });
    await client.addSubject(stream, pseudonym);
    print('   from now on we hear when it ends, and now if it has ended; had nobody that name, we would hear the same');

    print('8. receive a push: ask for a verification event, and answer it with 202');
    await client.verify(stream, states.ask());
    await verified.promise;
    await client.delete(stream);
  } finally {
    await server.stop();
  }

  print('9. poll, if nothing from outside can reach us: the same notices, acknowledged once they are dealt with');
  const { stream_id: stream, delivery } = await client.create({});
  await client.verify(stream, states.ask());
  for await (const notice of poll({ ...admission, endpoint: delivery.endpoint_url, tokens, once: true, fetch }))
    print(`   ${told(notice)}`);
  await client.delete(stream);
}

/** What a hub does with each kind; here it only says so. */
function told(notice: Notice): string {
  switch (notice.kind) {
    case 'revoked':
    case 'disabled':
      return `remove ${notice.pseudonym} from all rooms`;
    case 'enabled':
      return `${notice.pseudonym} may come back`;
    case 'verification':
      return 'verified: the stream lives, and it is the provider who signs';
    case 'stream-updated':
      return `the provider has set the stream to ${notice.status}`;
    case 'other':
      return `nothing for us: ${notice.type}`;
  }
}

/** Any server will do that can hand on a web Request. */
async function serve(handle: (request: Request) => Promise<Response>): Promise<{ url: string; stop(): Promise<void> }> {
  const server = createServer((incoming, outgoing) => {
    const headers = Object.entries(incoming.headers).map(([name, value]): [string, string] => [name, String(value)]);
    const body = Readable.toWeb(incoming) as ReadableStream<Uint8Array>;
    const init = { method: 'POST', headers, body, duplex: 'half' } as RequestInit;
    void handle(new Request('http://hub.invalid/events', init)).then(async (response) => {
      outgoing.writeHead(response.status, Object.fromEntries(response.headers));
      outgoing.end(await response.text());
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/events`,
    stop: async () => void server.close().closeAllConnections(),
  };
}
