/** The registrar: it knows the account, by the access token, and must never see a pseudonym. The token stays within this class. */
import { enrolmentResponse, standingResponse, ticketsResponse } from '#contracts';
import type { z } from 'zod';
import type { Side } from './side.js';

/** A fresh access token of the provider's identity service; asked for at each call. */
export type AccessToken = () => string | Promise<string>;

export class AccountSide {
  constructor(
    private readonly side: Side,
    private readonly accessToken: AccessToken,
  ) {}

  async enrol(request: { holderKey: string; proof: string }): Promise<z.output<typeof enrolmentResponse>> {
    return this.side.call('v1/enrolment', enrolmentResponse, { body: request, bearer: await this.accessToken() });
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
