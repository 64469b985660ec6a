/** A plain HTTP server around a function from web Request to Response, which is what the hub SDK speaks. */
import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { StartError } from '#platform';

export interface WebServer {
  readonly url: string;
  stop(): Promise<void>;
}

/** @throws StartError when the port is taken */
export async function serveWeb(
  handle: (request: Request) => Promise<Response>,
  { host, port }: { readonly host: string; readonly port: number },
): Promise<WebServer> {
  const server = createServer((incoming, outgoing) => {
    answer(handle, incoming)
      .then((response) => send(response, outgoing))
      .catch(() => outgoing.destroy());
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) =>
      reject(new StartError(`cannot listen on ${host}:${port} (${error.code}): choose another port`)),
    );
    server.listen(port, host, resolve);
  });
  return {
    url: `http://${host}:${(server.address() as AddressInfo).port}`,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function answer(handle: (request: Request) => Promise<Response>, incoming: IncomingMessage): Promise<Response> {
  const request = requestOf(incoming);
  if (!request) return new Response(null, { status: 400 });
  return handle(request).catch(() => new Response(null, { status: 500 }));
}

/** Undefined for what HTTP allows and a web Request does not: some methods, some targets. */
function requestOf(incoming: IncomingMessage): Request | undefined {
  const { method = 'GET', url = '/', headers } = incoming;
  const hasBody = method !== 'GET' && method !== 'HEAD';
  try {
    return new Request(new URL(url, 'http://hub.invalid'), {
      method,
      headers: Object.entries(headers).flatMap(([name, value]) =>
        value === undefined ? [] : [[name, [value].flat().join(', ')] as [string, string]],
      ),
      ...(hasBody && { body: Readable.toWeb(incoming) as ReadableStream<Uint8Array>, duplex: 'half' }),
    } as RequestInit);
  } catch {
    return undefined;
  }
}

async function send(response: Response, outgoing: ServerResponse): Promise<void> {
  outgoing.writeHead(response.status, Object.fromEntries(response.headers));
  outgoing.end(new Uint8Array(await response.arrayBuffer()));
}
