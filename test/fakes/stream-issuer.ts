/** An authorization server for hubs, as nyms sees one: a JWKS on a port, and tokens of whatever kind. It can be away, or change its keys. */
import { generateKeyPairSync } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { SignJWT } from 'jose';
import type { Clock } from '#platform';

interface IssuerKey {
  readonly kid: string;
  readonly privateKey: KeyObject;
  readonly jwk: object;
}

export class StreamIssuer {
  readonly issuer = 'https://login.provider.example';
  private keys: IssuerKey[] = [];
  fetches = 0;
  isAway = false;

  private constructor(
    private readonly server: Server,
    private readonly clock: Clock,
    private readonly audience: string,
  ) {
    this.rotate();
    server.on('request', (_request, response) => {
      this.fetches += 1;
      if (this.isAway) return void response.writeHead(503).end();
      response
        .writeHead(200, { 'content-type': 'application/json' })
        .end(JSON.stringify({ keys: this.keys.map(({ jwk }) => jwk) }));
    });
  }

  static async start(clock: Clock, audience: string): Promise<StreamIssuer> {
    const server = createServer();
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return new StreamIssuer(server, clock, audience);
  }

  get jwksUrl(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/jwks.json`;
  }

  /** Another key; the old one is published no more. */
  rotate(): void {
    const { privateKey, publicKey } = generateKeyPairSync('ed25519');
    const kid = crypto.randomUUID();
    this.keys = [{ kid, privateKey, jwk: { ...publicKey.export({ format: 'jwk' }), kid, alg: 'EdDSA', use: 'sig' } }];
  }

  /** A token of a hub with both scopes; members replace what it says, `undefined` leaves them out. */
  token(client: string, more: object = {}): Promise<string> {
    const now = Math.floor(this.clock.now().getTime() / 1_000);
    const claims = { iss: this.issuer, aud: this.audience, sub: client, client_id: client, iat: now, exp: now + 3_600 };
    const [{ kid, privateKey }] = this.keys as [IssuerKey];
    return new SignJWT({ ...claims, scope: 'ssf.manage ssf.read', ...more })
      .setProtectedHeader({ alg: 'EdDSA', typ: 'at+jwt', kid })
      .sign(privateKey);
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}

/** One of each algorithm; made once, since RSA keys take their time. */
export const setKeysPem = [
  generateKeyPairSync('ed25519'),
  generateKeyPairSync('ec', { namedCurve: 'P-256' }),
  generateKeyPairSync('rsa', { modulusLength: 2_048 }),
]
  .map(({ privateKey }) => privateKey.export({ format: 'pem', type: 'pkcs8' }).toString())
  .join('');
