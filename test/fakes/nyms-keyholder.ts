/**
 * A key holder as nyms meets it, without secrets behind it: signs plain-twin selectors with a key of its own, refuses, forgets and
 * goes away when told to, and remembers what it was asked.
 */
import { createHash, randomBytes } from 'node:crypto';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import {
  canonicalBytes,
  dueChanges,
  expiryDay,
  fromBase64Url,
  labels,
  periodOf,
  Problem,
  problems,
  toBase64Url,
} from '#contracts';
import type { DayListBody, DueChange, SelectorId } from '#contracts';
import { generateSigningKey } from '#platform';
import type { SigningKey } from '#platform';
import { fromFrames, pinText, selectorMessage, signPin, toSelectorJson } from '#pseudonyms';
import type { Selector, SelectorJson } from '#pseudonyms';
import { TestCertificates } from './certificates.js';
import { kidOf, noReason, signDayList } from '#tickets';

const parameterSet = 'plain-n2048';
const SELECTOR_BYTES = 16;

type Handler = (body: Buffer, url: URL) => Promise<unknown> | unknown;

export class NymsKeyholder {
  readonly selectorKey = generateSigningKey();
  readonly asked: { path: string; body: Buffer; url: URL }[] = [];
  readonly shown: { pass: string; selectors: Selector[] }[] = [];
  state = { force: 0, run: 'run-1' };
  /** `change` is of all places; revoked when left out */
  frame: { number: number; ids: Uint8Array[]; change?: DueChange } = { number: 7, ids: [] };
  /** the next answers of a path, instead of the usual one */
  readonly instead = new Map<string, Handler[]>();
  isAway = false;
  day = 0;
  url = '';
  certificates!: TestCertificates;
  private readonly minted = new Map<string, SelectorId>();
  private server: Server | undefined;

  private constructor(
    readonly root: SigningKey,
    private readonly signList: (body: DayListBody) => Promise<unknown>,
    readonly keyHolderId: string,
  ) {}

  static async start(): Promise<NymsKeyholder> {
    const root = generateSigningKey();
    const signer = { publicKey: root.publicKey, sign: async (message: Uint8Array) => root.sign(message) };
    const keyholder = new NymsKeyholder(root, (body) => signDayList(signer, body), await kidOf(root.publicKey));
    keyholder.certificates = await TestCertificates.open();
    const served = await keyholder.certificates.serve(
      'keyholder',
      (request, response) => void keyholder.serve(request, response),
    );
    keyholder.server = served.server;
    keyholder.url = served.url;
    return keyholder;
  }

  /** `keyholder-public.json`. */
  pin(set: string = parameterSet): string {
    const selectorKeys = [{ keyEpoch: 1, key: this.selectorKey.publicKey }];
    const { keyHolderId } = this;
    const { publicKey: rootKey } = this.root;
    return pinText(signPin({ keyHolderId, rootKey, parameterSet: set, selectorKeys }, (message) => this.root.sign(message)));
  }

  async stop(): Promise<void> {
    this.server?.closeAllConnections();
    this.server?.close();
    await this.certificates.close();
  }

  /** How often a path was asked. */
  count(path: string): number {
    return this.asked.filter((one) => one.path === path).length;
  }

  selector(subject: Uint8Array, period: number, more: Partial<Selector> = {}): Selector {
    const unsigned = {
      selectorId: Uint8Array.from(randomBytes(16)) as Uint8Array as SelectorId,
      keyEpoch: 1,
      cohort: 3,
      period,
      expiryDay: expiryDay(period, 5),
      subject,
      bytes: Uint8Array.from(randomBytes(SELECTOR_BYTES)),
      ...more,
    };
    const issuer = { keyHolderId: this.keyHolderId, parameterSet };
    return { signature: this.selectorKey.sign(selectorMessage(issuer, unsigned)), ...unsigned };
  }

  /** What its refusals are, to the byte but for the sealed reason. */
  readonly refuse: Handler = () => {
    throw new Problem('answer-refused', { sealedReason: toBase64Url(noReason()) });
  };

  private readonly routes: Readonly<Record<string, Handler>> = {
    '/v1/mints': (body) => {
      const { wrapped, subject } = JSON.parse(body.toString()) as { wrapped: string; subject: string };
      const selector = this.selector(fromBase64Url(subject), periodOf(this.day));
      const known = this.minted.get(wrapped);
      if (!known) this.minted.set(wrapped, selector.selectorId);
      return toSelectorJson(known ? this.selector(fromBase64Url(subject), periodOf(this.day), { selectorId: known }) : selector);
    },
    '/v1/renewals': (body) => {
      const { selector, period } = JSON.parse(body.toString()) as { selector: SelectorJson; period: number };
      return toSelectorJson(this.selector(fromBase64Url(selector.subject), period, { expiryDay: selector.expiryDay + 30 }));
    },
    '/v1/acts': (body) => {
      const { statement } = JSON.parse(body.toString()) as { statement: unknown };
      const digest = createHash('sha512').update(canonicalBytes(statement)).update(labels.actReceipt).digest();
      return { receipt: toBase64Url(digest) };
    },
    '/v1/day-list': async () => {
      const key = toBase64Url(new Uint8Array(32).fill(9));
      const named = { kid: await kidOf(fromBase64Url(key)), key };
      return this.signList({ v: 1, keyHolderId: this.keyHolderId, day: this.day, hpke: named, ticket: named });
    },
    '/v1/force': () => this.state,
    '/v1/matches': (body, url) => {
      if (url.searchParams.get('run') !== this.state.run) return this.refuse(body, url);
      const selectors = fromFrames(new Uint8Array(body), SELECTOR_BYTES, 256);
      this.shown.push({ pass: url.search, selectors });
      return undefined;
    },
    '/v1/due': () => {
      const number = Buffer.alloc(4);
      number.writeUInt32BE(this.frame.number);
      const change = Buffer.of(dueChanges.indexOf(this.frame.change ?? 'revoked'));
      return Buffer.concat([number, ...this.frame.ids.flatMap((id) => [change, id])]);
    },
  };

  private async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (this.isAway) return void request.socket.destroy();
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part as Buffer);
    const url = new URL(request.url ?? '/', this.url);
    const body = Buffer.concat(parts);
    this.asked.push({ path: url.pathname, body, url });
    try {
      const handler = this.instead.get(url.pathname)?.shift() ?? this.routes[url.pathname];
      if (!handler) throw new Problem('not-found');
      const answer = await handler(body, url);
      if (answer === undefined) response.writeHead(204).end();
      else if (Buffer.isBuffer(answer)) response.writeHead(200, { 'content-type': 'application/octet-stream' }).end(answer);
      else response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(answer));
    } catch (error) {
      const { code, extensions } = error instanceof Problem ? error : new Problem('fault');
      const { status, title } = problems[code];
      response.writeHead(status, { 'content-type': 'application/problem+json' });
      response.end(JSON.stringify({ type: `/errors/${code}`, title, status, ...extensions }));
    }
  }
}
