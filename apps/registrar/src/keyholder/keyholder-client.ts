/**
 * The key holder, as the registrar needs it: enrol a handle, read release batches, and learn the id that sealed handles are tied to.
 * Only handles and holder keys go there; the account's name never does.
 */
import type { z } from 'zod';
import {
  dayList,
  enrolHandleResponse,
  fromBase64Url,
  keyReplacementAnswer,
  Problem,
  releaseBatches,
  toBase64Url,
} from '#contracts';
import type { DayList, DayListBody, Handle, relatedProposal } from '#contracts';
import type { Clock, ServiceAnswer, ServiceClient } from '#platform';

const TIMEOUT_MS = 10_000;

export type EnrolledHandle = z.output<typeof enrolHandleResponse>;
export type KeyReplacementAnswer = z.output<typeof keyReplacementAnswer>;
export type ReleaseBatch = z.output<typeof releaseBatches>['batches'][number];

export class KeyholderClient {
  private known: DayList | undefined;

  constructor(
    private readonly service: ServiceClient,
    private readonly clock: Clock,
  ) {}

  /** Throws Problem answer-refused when the handle has another key, or the key another handle. */
  enrol(handle: Handle, holderKey: Uint8Array, proof: Uint8Array): Promise<EnrolledHandle> {
    const body = { handle: toBase64Url(handle), holderKey: toBase64Url(holderKey), proof: toBase64Url(proof) };
    return this.call('v1/handles', enrolHandleResponse, body);
  }

  /** The replacement that waits then. Throws Problem answer-refused. */
  replaceKey(handle: Handle, holderKey: Uint8Array, proof: Uint8Array): Promise<KeyReplacementAnswer> {
    const body = { handle: toBase64Url(handle), holderKey: toBase64Url(holderKey), proof: toBase64Url(proof) };
    return this.call('v1/handles/replacement', keyReplacementAnswer, body);
  }

  replacementOf(handle: Handle): Promise<KeyReplacementAnswer> {
    return this.call('v1/handles/replacement/state', keyReplacementAnswer, { handle: toBase64Url(handle) });
  }

  /** Throws Problem answer-refused. */
  callOffReplacement(handle: Handle, signature: Uint8Array): Promise<KeyReplacementAnswer> {
    const body = { handle: toBase64Url(handle), signature: toBase64Url(signature) };
    return this.call('v1/handles/replacement/call-off', keyReplacementAnswer, body);
  }

  /** Batches after the one with this number, in order. */
  async releasesAfter(number: number): Promise<readonly ReleaseBatch[]> {
    const { batches } = await this.call(`v1/releases?after=${number}`, releaseBatches);
    return batches.sort((a, b) => a.number - b.number);
  }

  /** Accounts that were found related. Throws Problem answer-refused for a batch that asked for none. */
  async propose({ batch, remedy, handles }: z.output<typeof relatedProposal>): Promise<void> {
    const response = await this.send('v1/proposals', { batch, remedy, handles: handles.map(toBase64Url) });
    await response.drop();
    if (response.status === 403) throw new Problem('answer-refused');
    if (!response.ok) throw new Problem('service-unavailable', { retryAfterMs: 1_000 });
  }

  /** Today's keys; when the key holder is away, those it last said. */
  async keysOfToday(): Promise<DayListBody> {
    return (await this.dayList()).body;
  }

  /** Ed25519, 32 bytes: signs warrants. */
  async rootKey(): Promise<Uint8Array> {
    return fromBase64Url((await this.dayList()).root);
  }

  /** For readiness: asks now. */
  async check(): Promise<void> {
    this.known = await this.call('v1/day-list', dayList);
  }

  private async dayList(): Promise<DayList> {
    if (this.known?.body.day === this.clock.today()) return this.known;
    try {
      this.known = await this.call('v1/day-list', dayList);
    } catch (error) {
      if (!this.known) throw error;
    }
    return this.known;
  }

  private async call<S extends z.ZodType>(path: string, answer: S, body?: unknown): Promise<z.output<S>> {
    const response = await this.send(path, body);
    const value = await response.json();
    if (response.status === 403) throw new Problem('answer-refused');
    const parsed = answer.safeParse(value);
    if (!response.ok || !parsed.success) throw new Problem('service-unavailable', { retryAfterMs: 1_000 });
    return parsed.data;
  }

  private async send(path: string, body: unknown): Promise<ServiceAnswer> {
    try {
      return await this.service.request(path, {
        ...(body !== undefined && { type: 'application/json', body: JSON.stringify(body) }),
        timeoutMs: TIMEOUT_MS,
      });
    } catch {
      throw new Problem('service-unavailable', { retryAfterMs: 1_000 });
    }
  }
}
