/**
 * A running service as strangers meet it: over HTTP only. Notes every answer, so that in the end all of them can be looked through for
 * what no answer may say. Reads the databases as somebody who may see everything, to know what has come of a request.
 */
import { createPrivateKey, randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import pg from 'pg';
import { NymtallyClient } from '#client-sdk';
import type { NymtallyClientOptions } from '#client-sdk';
import { eventTypes, setMediaType } from '#contracts';
import type { PolicyDocument } from '#contracts';
import { HubClient } from '#hub-sdk';
import type { Certified } from '../../../apps/ctl/src/certificates/authority.js';
import type { AppName } from '../../../apps/ctl/src/stack/app-specs.js';
import { startStack } from '../../../apps/ctl/src/stack/stack.js';
import type { Stack } from '../../../apps/ctl/src/stack/stack.js';
import { closeEpoch } from '../../../apps/ctl/src/scenario/epochs.js';
import { fetchOn } from '../../fakes/internal-fetch.js';
import { until } from '../until.js';

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
}

export interface Asked {
  /** Whose certificate; none by default. */
  readonly as?: Certified | undefined;
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array | ReadableStream<Uint8Array>;
}

export class Provider {
  /** Every answer that was not a success, with the request it was for. */
  readonly refusals: { readonly to: string; readonly answer: Answer }[] = [];
  private people = 0;

  private constructor(
    readonly stack: Stack,
    private readonly unexpected: string[],
  ) {}

  static async start(policy: (document: PolicyDocument) => PolicyDocument): Promise<Provider> {
    const unexpected: string[] = [];
    const stack = await startStack({
      parameterSet: 'plain-n2048',
      ephemeral: true,
      hubs: 6,
      cohortsPerBlock: 2,
      policy,
      onUnexpectedExit: ({ spec }) => unexpected.push(spec.name),
    });
    return new Provider(stack, unexpected);
  }

  /** @throws when a process ended by itself: no input may do that. */
  async stop(): Promise<void> {
    await this.stack.stop();
    if (this.unexpected.length > 0) throw new Error(`ended by itself: ${this.unexpected.join(', ')}`);
  }

  async call(process: AppName, route: string, { as, method = 'POST', headers = {}, body }: Asked = {}): Promise<Answer> {
    const init = { method, headers, body, duplex: 'half', redirect: 'manual' } as RequestInit;
    const response = await fetchOn(this.stack, as)(this.stack.urls[process] + route, init);
    const answer = { status: response.status, headers: response.headers, text: await response.text() };
    if (!response.ok) this.refusals.push({ to: `${method} ${process}${route}`, answer });
    return answer;
  }

  json(process: AppName, route: string, body: unknown, as?: Certified): Promise<Answer> {
    return this.call(process, route, { as, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
  }

  /** The client of an account; `more` as in NymtallyClient. */
  client(subject: string, more: Partial<Pick<NymtallyClientOptions, 'state' | 'fetch' | 'accessToken'>> = {}): NymtallyClient {
    const { rootFingerprint } = JSON.parse(this.config('keyholder-public.json')) as { rootFingerprint: string };
    const { urls, issuer } = this.stack;
    return new NymtallyClient({
      registrarUrl: urls.registrar,
      nymsUrl: urls.nyms,
      rootFingerprint,
      domain: this.stack.policy().domain,
      accessToken: () => issuer.mint(subject),
      ...more,
    });
  }

  /** A hub of the policy with its own SDK. @param place among the demo hubs */
  hub(place = 0): HubClient {
    const { keys, urls, policy } = this.stack;
    const { id, kid, key } = keys.hubs[place]!;
    const signer = { kid, alg: 'EdDSA' as const, privateKey: createPrivateKey(key.toPem()) };
    return new HubClient({ hub: id, audience: policy().audience, nyms: urls.nyms, key: signer });
  }

  /** An enrolled account with so many unused tickets. */
  async person(tickets: number): Promise<NymtallyClient> {
    const client = this.client(`account-${++this.people}`);
    await client.enrol();
    if (tickets > 0) await client.takeTickets(tickets);
    return client;
  }

  /** Turns unused tickets into pseudonyms. @returns their URIs */
  async mint(client: NymtallyClient, count: number): Promise<string[]> {
    const uris: string[] = [];
    for (let i = 0; i < count; i++) {
      const { id } = await client.prepare({ immediately: true });
      const outcome = await client.redeem(id);
      if (outcome.outcome !== 'minted') throw new Error(`a mint was refused: ${outcome.code}`);
      uris.push(outcome.pseudonym.uri);
    }
    return uris;
  }

  config(name: string): string {
    return readFileSync(path.join(this.stack.dataDir, 'config', name), 'utf8');
  }

  /** Claims of a good SET of a hub; `change` makes it a bad one. */
  claims(hub: number, uri: string, change: object = {}): Record<string, unknown> {
    return {
      iss: this.stack.keys.hubs[hub]!.id,
      aud: this.stack.policy().audience,
      iat: Math.floor(Date.now() / 1_000),
      jti: randomUUID(),
      sub_id: { format: 'uri', uri },
      events: { [eventTypes.abuseReport]: { reason: 'spam', hubVerified: true } },
      ...change,
    };
  }

  sign(hub: number, claims: object, header: object = {}): string {
    const { kid, key } = this.stack.keys.hubs[hub]!;
    const input = `${part({ typ: 'secevent+jwt', alg: 'EdDSA', kid, ...header })}.${part(claims)}`;
    return `${input}.${Buffer.from(key.sign(Buffer.from(input))).toString('base64url')}`;
  }

  push(token: string | Uint8Array, headers: Readonly<Record<string, string>> = {}): Promise<Answer> {
    return this.call('nyms', '/v1/signals', { headers: { 'content-type': setMediaType, ...headers }, body: token });
  }

  /** A good signal. @returns its jti */
  async tell(hub: number, uri: string, events?: object): Promise<string> {
    const claims = this.claims(hub, uri, events === undefined ? {} : { events });
    const { status } = await this.push(this.sign(hub, claims));
    if (status !== 202) throw new Error(`a good SET was answered ${status}`);
    return String(claims['jti']);
  }

  /** Installs a policy and waits until all who close, inspect and take follow it. */
  async install(change: (document: PolicyDocument) => PolicyDocument): Promise<void> {
    const { version } = this.stack.installPolicy(change);
    const follows = ({ event, version: live }: { event?: string; version?: number }) =>
      event === 'policy-live' && live === version;
    for (const name of ['nyms', 'correlator', 'witness'] as const) {
      await this.until(async () => this.log(name).some(follows));
    }
  }

  /** What this run of a process has written to its log. */
  log(name: AppName): { event?: string; version?: number; reason?: string; request?: string }[] {
    const lines = this.stack.processes[name].output().split('\n');
    return lines.flatMap((line) => (line.startsWith('{') ? [JSON.parse(line) as object] : []));
  }

  closeEpoch = () => closeEpoch(this.stack);

  async rows<R extends object>(
    database: 'registrar' | 'nyms' | 'keyholder',
    query: string,
    values: unknown[] = [],
  ): Promise<R[]> {
    const client = new pg.Client({ connectionString: this.stack.databases.superUrls[database] });
    await client.connect();
    try {
      return (await client.query<R>(query, values)).rows;
    } finally {
      await client.end();
    }
  }

  /** @throws Error that names the condition, when it does not come about */
  until = (condition: () => Promise<boolean>): Promise<void> => until(condition);
}

export const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
