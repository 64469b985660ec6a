/**
 * HTTPS between our processes: TLS 1.3 only, a certificate asked of every caller and demanded by the routes (`OnlyFor`), because health
 * and metrics are for whoever watches. A new certificate of our own serves the connections that come after it.
 */
import { createServer } from 'node:https';
import type { Server, ServerOptions } from 'node:https';
import type { RequestListener } from 'node:http';
import type { TlsIdentity } from './identity.js';

/** Whoever opens a connection and does not go on. */
const HANDSHAKE_MS = 10_000;

export function tlsServer(identity: TlsIdentity, options: ServerOptions, listener: RequestListener): Server {
  const server = createServer(
    { ...options, ...identity.context, requestCert: true, rejectUnauthorized: false, handshakeTimeout: HANDSHAKE_MS },
    listener,
  );
  // node would hand a failed handshake to the handler of broken requests, and there is no connection to answer on
  server.removeAllListeners('tlsClientError').on('tlsClientError', (_error, socket) => socket.destroy());
  const forget = identity.onChange(() => server.setSecureContext(identity.context));
  return server.once('close', forget);
}
