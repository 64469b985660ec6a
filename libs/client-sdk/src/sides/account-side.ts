/** The registrar: it knows the account, by the access token, and must never see a pseudonym. The token stays within this class. */
import { enrolmentResponse, replacementResponse, standingResponse, ticketsResponse } from '#contracts';
import type { z } from 'zod';
import type { Side } from './side.js';

/** A fresh access token of the provider's identity service; asked for at each call. */
export type AccessToken = () => string | Promise<string>;

const replacementPath = 'v1/holder-key/replacement';
export type ReplacementAnswer = z.output<typeof replacementResponse>;

export class AccountSide {
  constructor(
    private readonly side: Side,
    private readonly accessToken: AccessToken,
  ) {}

  async enrol(request: { holderKey: string; proof: string }): Promise<z.output<typeof enrolmentResponse>> {
    return this.side.call('v1/enrolment', enrolmentResponse, { body: request, bearer: await this.accessToken() });
  }

  async replaceKey(request: { holderKey: string; proof: string }): Promise<ReplacementAnswer> {
    return this.side.call(replacementPath, replacementResponse, { body: request, bearer: await this.accessToken() });
  }

  async replacement(): Promise<ReplacementAnswer> {
    return this.side.call(replacementPath, replacementResponse, { bearer: await this.accessToken() });
  }

  async callOffReplacement(signature: string): Promise<ReplacementAnswer> {
    const body = { signature };
    return this.side.call(`${replacementPath}/call-off`, replacementResponse, { body, bearer: await this.accessToken() });
  }

  /** base64url tickets, unchecked. */
  async tickets(count: number): Promise<readonly string[]> {
    const answer = await this.side.call('v1/tickets', ticketsResponse, { body: { count }, bearer: await this.accessToken() });
    return answer.tickets;
  }

  async standing(): Promise<z.output<typeof standingResponse>> {
    return this.side.call('v1/standing', standingResponse, { bearer: await this.accessToken() });
  }
}
