/** Gives a client of a pseudonym its credential, as the routes answer it. */
import { Injectable } from '@nestjs/common';
import type { z } from 'zod';
import type { credentialResponse } from '#contracts';
import { Clock } from '#platform';
import { CredentialIssuer } from './credential.js';
import type { NewClient } from './pseudonyms.writer.js';

export type Credential = z.input<typeof credentialResponse>;

@Injectable()
export class Credentials {
  constructor(
    private readonly issuer: CredentialIssuer,
    private readonly clock: Clock,
  ) {}

  /** @param newest period and end of the pseudonym's newest selector */
  async give(
    { uri, clientUri, spki }: NewClient,
    newest: { readonly period: number; readonly expiryDay: number },
  ): Promise<Credential> {
    const { period, expiryDay } = newest;
    const certificates = await this.issuer.issue({ clientUri, spki, expiryDay }, this.clock.today());
    return { uri, clientUri, certificates, expiryDay, period };
  }
}
