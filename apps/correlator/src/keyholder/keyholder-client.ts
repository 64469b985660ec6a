/** The key holder, as the correlator needs it: what it decided last, and a place to bring attested trees. Only sums go there. */
import type { z } from 'zod';
import { decisionOutcome, keyholderParameters } from '#contracts';
import type { ServiceAnswer, ServiceClient, ServiceRequest } from '#platform';

export type KeyholderParameters = z.output<typeof keyholderParameters>;
export type DecisionAnswer = 'decided' | 'waiting' | 'refused' | 'frozen' | 'unreachable';

const ASK_MS = 10_000;
/** A tree of thousands of ciphertexts is checked and opened one by one. */
const DECIDE_MS = 15 * 60_000;

export class KeyholderClient {
  constructor(private readonly service: ServiceClient) {}

  /** Undefined while the key holder cannot be asked. */
  async parameters(): Promise<KeyholderParameters | undefined> {
    const response = await this.send('v1/parameters', { timeoutMs: ASK_MS });
    const parameters = await response?.json();
    return response?.ok ? keyholderParameters.safeParse(parameters).data : undefined;
  }

  /** Streams an attested tree. @param body see `writeDecision`. */
  async decide(body: AsyncIterable<Uint8Array>): Promise<DecisionAnswer> {
    const response = await this.send('v1/decisions', { type: 'application/octet-stream', body, timeoutMs: DECIDE_MS });
    if (!response) return 'unreachable';
    const answer = decisionOutcome.safeParse(await response.json());
    if (response.ok && answer.success) return answer.data.outcome;
    if (response.status === 409) return 'frozen';
    return response.status === 403 ? 'refused' : 'unreachable';
  }

  private async send(route: string, request: ServiceRequest): Promise<ServiceAnswer | undefined> {
    try {
      return await this.service.request(route, request);
    } catch {
      // refused, cut off or too slow: whatever it was, the same tree may be brought again
      return undefined;
    }
  }
}
