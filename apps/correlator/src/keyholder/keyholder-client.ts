/** The key holder, as the correlator needs it: what it decided last, and a place to bring attested trees. Only sums go there. */
import { ReadableStream } from 'node:stream/web';
import type { z } from 'zod';
import { decisionOutcome, keyholderParameters } from '#contracts';
import type { Secret } from '#platform';

export type KeyholderParameters = z.output<typeof keyholderParameters>;
export type DecisionAnswer = 'decided' | 'waiting' | 'refused' | 'frozen' | 'unreachable';

const ASK_MS = 10_000;
/** A tree of thousands of ciphertexts is checked and opened one by one. */
const DECIDE_MS = 15 * 60_000;

export class KeyholderClient {
  private readonly base: string;

  constructor(
    url: string,
    private readonly token: Secret,
  ) {
    this.base = url.endsWith('/') ? url : `${url}/`;
  }

  /** Undefined while the key holder cannot be asked. */
  async parameters(): Promise<KeyholderParameters | undefined> {
    const response = await this.send('v1/parameters', { signal: AbortSignal.timeout(ASK_MS) });
    if (!response?.ok) return undefined;
    return keyholderParameters.safeParse(await response.json().catch(() => undefined)).data;
  }

  /** Streams an attested tree. @param body see `writeDecision`. */
  async decide(body: AsyncIterable<Uint8Array>): Promise<DecisionAnswer> {
    const response = await this.send('v1/decisions', {
      method: 'POST',
      headers: { 'content-type': 'application/octet-stream' },
      body: ReadableStream.from(body) as BodyInit,
      duplex: 'half',
      signal: AbortSignal.timeout(DECIDE_MS),
    } as RequestInit);
    if (!response) return 'unreachable';
    const answer = decisionOutcome.safeParse(await response.json().catch(() => undefined));
    if (response.ok && answer.success) return answer.data.outcome;
    if (response.status === 409) return 'frozen';
    return response.status === 403 ? 'refused' : 'unreachable';
  }

  private async send(path: string, init: RequestInit): Promise<Response | undefined> {
    try {
      const headers = { ...init.headers, authorization: `Bearer ${this.token.text()}` };
      return await fetch(this.base + path, { ...init, headers, redirect: 'error' });
    } catch {
      // refused, cut off or too slow: whatever it was, the same tree may be brought again
      return undefined;
    }
  }
}
