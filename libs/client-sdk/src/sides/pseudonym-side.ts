/** nyms: it knows pseudonyms and must never learn the account. Nothing here can carry a token: no call takes one. */
import { credentialResponse, dayList } from '#contracts';
import type { DayList } from '#contracts';
import type { z } from 'zod';
import type { Side } from './side.js';

export type Credential = z.output<typeof credentialResponse>;

export class PseudonymSide {
  constructor(private readonly side: Side) {}

  dayList(): Promise<DayList> {
    return this.side.call('v1/day-list', dayList);
  }

  redeem(body: {
    wrapped: string;
    uri: string;
    salt: string;
    clientUri: string;
    publicKey: string;
    proof: string;
  }): Promise<Credential> {
    return this.side.call('v1/pseudonyms', credentialResponse, { body });
  }

  renew(body: { uri: string; clientUri: string; period: number; signature: string }): Promise<Credential> {
    return this.side.call('v1/pseudonyms/renewals', credentialResponse, { body });
  }

  addClient(body: {
    uri: string;
    clientUri: string;
    publicKey: string;
    proof: string;
    by: string;
    signature: string;
  }): Promise<Credential> {
    return this.side.call('v1/pseudonyms/clients', credentialResponse, { body });
  }
}
