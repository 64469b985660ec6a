/** A key holder as the registrar sees it, over mutual TLS: handles, day list and release batches, from libs/tickets, in memory. */
import type { IncomingMessage, Server } from 'node:http';
import type { z } from 'zod';
import { enrolHandleRequest, relatedProposal, toBase64Url } from '#contracts';
import type { DayList, Handle } from '#contracts';
import {
  fingerprintOf,
  generateSigningKey,
  importSigner,
  kidOf,
  randomBytes,
  signDayList,
  signReceipt,
  verifyEnrolment,
} from '#tickets';
import type { Signer } from '#tickets';
import { TestCertificates } from './certificates.js';

export interface Batch {
  readonly number: number;
  readonly suspend: readonly Uint8Array[];
  readonly reinstate: readonly Uint8Array[];
  readonly remove?: readonly Uint8Array[];
  readonly relatedSuspend?: readonly Uint8Array[];
  readonly relatedDelete?: readonly Uint8Array[];
}

export class FakeKeyholder {
  readonly keyHolderId = 'kh-1';
  batches: Batch[] = [];
  refusesProposals = false;
  readonly proposed: z.output<typeof relatedProposal>[] = [];
  /** handle → holder key, both base64url */
  readonly handles = new Map<string, string>();
  /** Called before an enrolment is answered. */
  beforeAnswer: () => void = () => undefined;
  /** Answers nothing but 503. */
  away = false;
  private readonly hpkeKey = randomBytes(32);
  url = '';
  certificates!: TestCertificates;
  private server: Server | undefined;

  private constructor(
    private readonly root: Signer,
    /** what the day list says */
    public ticketKey: Uint8Array,
    private readonly today: () => number,
  ) {}

  static async start(ticketKey: Uint8Array, today: () => number): Promise<FakeKeyholder> {
    const fake = new FakeKeyholder(await importSigner(await generateSigningKey()), ticketKey, today);
    fake.certificates = await TestCertificates.open();
    const served = await fake.certificates.serve('keyholder', (request, response) => {
      fake.answer(request).then(
        ({ status, body }) => response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body)),
        () => response.destroy(),
      );
    });
    fake.server = served.server;
    fake.url = served.url;
    return fake;
  }

  /** What clients pin. */
  rootFingerprint(): Promise<string> {
    return fingerprintOf(this.root.publicKey);
  }

  /** What only a key holder can sign. */
  signByRoot(message: Uint8Array): Promise<Uint8Array> {
    return this.root.sign(message);
  }

  async stop(): Promise<void> {
    this.server?.closeAllConnections();
    this.server?.close();
    await this.certificates.close();
  }

  async dayList(): Promise<DayList> {
    return signDayList(this.root, {
      v: 1,
      keyHolderId: this.keyHolderId,
      day: this.today(),
      hpke: { kid: await kidOf(this.hpkeKey), key: toBase64Url(this.hpkeKey) },
      ticket: { kid: await kidOf(this.ticketKey), key: toBase64Url(this.ticketKey) },
    });
  }

  private async answer(request: IncomingMessage): Promise<{ status: number; body: unknown }> {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://localhost');
    if (this.away) return { status: 503, body: {} };
    if (pathname === '/v1/day-list') return { status: 200, body: await this.dayList() };
    if (pathname === '/v1/releases')
      return { status: 200, body: { batches: this.batchesAfter(Number(searchParams.get('after'))) } };
    if (pathname === '/v1/proposals') {
      if (this.refusesProposals) return { status: 503, body: {} };
      this.proposed.push(relatedProposal.parse(await bodyOf(request)));
      return { status: 204, body: {} };
    }
    if (pathname === '/v1/handles') return this.enrol(await bodyOf(request));
    return { status: 404, body: {} };
  }

  private batchesAfter(number: number) {
    const after = this.batches.filter((batch) => batch.number > number);
    return after.map(({ suspend, reinstate, remove = [], relatedSuspend = [], relatedDelete = [], ...rest }) => ({
      ...rest,
      suspend: suspend.map(toBase64Url),
      reinstate: reinstate.map(toBase64Url),
      remove: remove.map(toBase64Url),
      relatedSuspend: relatedSuspend.map(toBase64Url),
      relatedDelete: relatedDelete.map(toBase64Url),
    }));
  }

  private async enrol(body: unknown): Promise<{ status: number; body: unknown }> {
    const { handle, holderKey, proof } = enrolHandleRequest.parse(body);
    const [name, key] = [toBase64Url(handle), toBase64Url(holderKey)];
    const isProven = await verifyEnrolment(this.keyHolderId, holderKey, proof);
    // looked at and noted in one go, as the real one's database does: others may come while a proof is checked
    const taken = [...this.handles].some(([other, otherKey]) => (other === name) !== (otherKey === key));
    if (taken || !isProven)
      return { status: 403, body: { type: '/errors/answer-refused', sealedReason: toBase64Url(randomBytes(48)) } };
    this.handles.set(name, key);
    this.beforeAnswer();
    const receipt = await signReceipt(this.root, this.keyHolderId, handle as Handle, holderKey);
    return {
      status: 200,
      body: {
        keyHolderId: receipt.keyHolderId,
        handleCommitment: toBase64Url(receipt.handleCommitment),
        signature: toBase64Url(receipt.signature),
      },
    };
  }
}

async function bodyOf(request: IncomingMessage): Promise<unknown> {
  let text = '';
  for await (const chunk of request) text += String(chunk);
  return JSON.parse(text);
}
