/**
 * Access tokens for the provider's stream endpoints: OAuth 2.0 client credentials (RFC 6749 §4.4), where the hub shows who it is with a
 * key of its own (`private_key_jwt`, RFC 7523 §2.2), so that there is no secret to share. A token is kept until shortly before its end.
 */
import { SignJWT } from 'jose';
import { z } from 'zod';
import { streamScopes } from '#contracts';
import { TokenUnavailable } from '../errors.js';
import type { HubSigningKey } from '../signed-set.js';

/** Where requests get their bearer token; write your own if the hub has tokens by other means. */
export interface AccessTokens {
  /** @throws TokenUnavailable */
  token(): Promise<string>;
  /** The provider has refused it: the next one is fetched. */
  forget(token: string): void;
}

export interface ClientCredentialsOptions {
  /** Of the authorization server that the provider's operator has named. */
  readonly tokenEndpoint: string | URL;
  /** The hub, as that server knows it: its https origin. */
  readonly clientId: string;
  readonly key: HubSigningKey;
  /** Both of `streamScopes` when left out. */
  readonly scopes?: readonly string[];
  /** The service that the token is for (RFC 8707), where the server asks for it. */
  readonly resource?: string;
  readonly timeoutMs?: number;
  readonly fetch?: typeof fetch;
  readonly now?: () => Date;
}

const ASSERTION_SECONDS = 60;
/** A token that ends while its request is on the way helps nobody. */
const MARGIN_MS = 30_000;
const assertionType = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';

const tokenAnswer = z.object({
  access_token: z.string().min(1),
  token_type: z.string().regex(/^bearer$/i),
  expires_in: z.number().positive().optional(),
});

export class ClientCredentials implements AccessTokens {
  private kept: { readonly token: string; readonly until: number } | undefined;
  private asking: Promise<string> | undefined;
  private readonly now: () => Date;

  constructor(private readonly options: ClientCredentialsOptions) {
    this.now = options.now ?? (() => new Date());
  }

  async token(): Promise<string> {
    if (this.kept && this.now().getTime() < this.kept.until) return this.kept.token;
    this.asking ??= this.ask().finally(() => (this.asking = undefined));
    return this.asking;
  }

  forget(token: string): void {
    if (this.kept?.token === token) this.kept = undefined;
  }

  private async ask(): Promise<string> {
    const { tokenEndpoint, scopes = Object.values(streamScopes), resource, timeoutMs = 10_000 } = this.options;
    const body = new URLSearchParams({
      grant_type: 'client_credentials',
      scope: scopes.join(' '),
      client_assertion_type: assertionType,
      client_assertion: await this.assertion(),
      ...(resource !== undefined && { resource }),
    });
    try {
      const response = await (this.options.fetch ?? globalThis.fetch)(new URL(tokenEndpoint), {
        method: 'POST',
        headers: { accept: 'application/json', 'content-type': 'application/x-www-form-urlencoded' },
        body: body.toString(),
        redirect: 'error',
        signal: AbortSignal.timeout(timeoutMs),
      });
      const answer: unknown = await response.json().catch(() => undefined);
      if (!response.ok) throw new TokenUnavailable(refusal(response.status, answer));
      const { access_token: token, expires_in: seconds = 0 } = tokenAnswer.parse(answer);
      this.kept = { token, until: this.now().getTime() + seconds * 1_000 - MARGIN_MS };
      return token;
    } catch (error) {
      throw error instanceof TokenUnavailable ? error : new TokenUnavailable('no usable answer', { cause: error });
    }
  }

  private assertion(): Promise<string> {
    const { tokenEndpoint, clientId, key } = this.options;
    const seconds = Math.floor(this.now().getTime() / 1_000);
    return new SignJWT()
      .setProtectedHeader({ typ: 'JWT', alg: key.alg, kid: key.kid })
      .setIssuer(clientId)
      .setSubject(clientId)
      .setAudience(String(tokenEndpoint))
      .setJti(crypto.randomUUID())
      .setIssuedAt(seconds)
      .setExpirationTime(seconds + ASSERTION_SECONDS)
      .sign(key.privateKey);
  }
}

/** `error` of RFC 6749 §5.2. */
function refusal(status: number, answer: unknown): string {
  const { error } = (answer ?? {}) as { error?: unknown };
  return typeof error === 'string' ? `${error.slice(0, 64)} (status ${status})` : `status ${status}`;
}
