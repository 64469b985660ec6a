/**
 * The key holder, as nyms needs it: mint, renew, act, match, due, day list. Its refusals are handed on as they are: nyms can neither
 * read the sealed reason nor add to it. What cannot be reached, or answers nonsense, is `service-unavailable`.
 */
import type { z } from 'zod';
import { actReceipt, dayList, executionAnswer, forceState, Problem, readDueFrame, selectorRecord, toBase64Url } from '#contracts';
import type { actOnSelectorRequest, executionRequest, DayList, DuePlace, renewRequest } from '#contracts';
import type { ServiceAnswer, ServiceClient, ServiceRequest } from '#platform';
import type { SelectorRecord } from '#pseudonyms';

const TIMEOUT_MS = 15_000;
/** A batch of 256 selectors is opened one by one. */
const MATCH_TIMEOUT_MS = 120_000;
const octetStream = 'application/octet-stream';

export type ForceState = z.output<typeof forceState>;

export interface DueFrame {
  readonly number: number;
  readonly places: readonly DuePlace[];
}

export class KeyholderClient {
  constructor(private readonly service: ServiceClient) {}

  /** @throws Problem answer-refused */
  mint(wrapped: string, subject: Uint8Array): Promise<SelectorRecord> {
    return this.json('v1/mints', selectorRecord, { wrapped, subject: toBase64Url(subject) });
  }

  /** @throws Problem answer-refused */
  renew(request: z.input<typeof renewRequest>): Promise<SelectorRecord> {
    return this.json('v1/renewals', selectorRecord, request);
  }

  /** @throws Problem answer-refused */
  async act(request: z.input<typeof actOnSelectorRequest>): Promise<Uint8Array> {
    return (await this.json('v1/acts', actReceipt, request)).receipt;
  }

  /** What it answers only the requester can open. @throws Problem answer-refused */
  execute(digest: string, request: z.input<typeof executionRequest>): Promise<z.output<typeof executionAnswer>> {
    return this.json(`v1/requests/${digest}/execution`, executionAnswer, request);
  }

  dayList(): Promise<DayList> {
    return this.json('v1/day-list', dayList);
  }

  force(): Promise<ForceState> {
    return this.json('v1/force', forceState);
  }

  /** @param frames selectors as frames behind each other, 256 at most. @throws Problem answer-refused when the run is over */
  async match({ force, run }: ForceState, frames: Uint8Array): Promise<void> {
    const path = `v1/matches?force=${force}&run=${encodeURIComponent(run)}`;
    await (await this.send(path, { type: octetStream, body: frames, timeoutMs: MATCH_TIMEOUT_MS })).drop();
  }

  /** @param ack number of the last frame that was dealt with */
  async due(ack: number | undefined): Promise<DueFrame> {
    const response = await this.send(ack === undefined ? 'v1/due' : `v1/due?ack=${ack}`);
    const frame = readDueFrame(await response.bytes());
    if (!frame) throw unavailable();
    return frame;
  }

  private async json<S extends z.ZodType>(path: string, answer: S, body?: unknown): Promise<z.output<S>> {
    const response = await this.send(path, body === undefined ? {} : { type: 'application/json', body: JSON.stringify(body) });
    const parsed = answer.safeParse(await response.json());
    if (!parsed.success) throw unavailable();
    return parsed.data;
  }

  /** An answer of success. */
  private async send(path: string, request: ServiceRequest = {}): Promise<ServiceAnswer> {
    let response: ServiceAnswer;
    try {
      response = await this.service.request(path, { timeoutMs: TIMEOUT_MS, ...request });
    } catch (error) {
      throw unavailable(error);
    }
    if (response.ok) return response;
    throw await refusalOf(response);
  }
}

async function refusalOf(response: ServiceAnswer): Promise<Problem> {
  if (response.status !== 403) return response.drop().then(() => unavailable());
  const { type, sealedReason } = ((await response.json()) ?? {}) as Record<string, unknown>;
  if (type !== '/errors/answer-refused') return unavailable(); // our certificate is not one it lets in: an operator's matter
  return new Problem('answer-refused', typeof sealedReason === 'string' ? { sealedReason } : {});
}

function unavailable(cause?: unknown): Problem {
  return Object.assign(new Problem('service-unavailable', { retryAfterMs: 1_000 }), cause === undefined ? {} : { cause });
}
