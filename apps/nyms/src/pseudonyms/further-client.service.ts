/**
 * A further client of a pseudonym: its own key is proven, and a client that is in already lets it in. No ticket, no key holder: the
 * selector stays bound to the first key.
 */
import { Inject, Injectable } from '@nestjs/common';
import type { z } from 'zod';
import { Problem } from '#contracts';
import type { furtherClientRequest } from '#contracts';
import { Clock } from '#platform';
import { PolicyStore } from '#policy';
import { addClientMessage, verifyClientSignature } from '#tickets';
import { refused } from '../keyholder/refusal.js';
import { provenKey } from './client-key.js';
import { Credentials } from './credentials.service.js';
import type { Credential } from './credentials.service.js';
import { PseudonymsRepository } from './pseudonyms.repository.js';
import { PseudonymsWriter } from './pseudonyms.writer.js';

type FurtherClient = z.output<typeof furtherClientRequest>;

/** More devices than anybody has; a limit, so that a pseudonym cannot fill the table. */
const MOST_CLIENTS = 32;

@Injectable()
export class FurtherClientService {
  constructor(
    private readonly repository: PseudonymsRepository,
    private readonly writer: PseudonymsWriter,
    private readonly credentials: Credentials,
    private readonly clock: Clock,
    @Inject(PolicyStore) private readonly policies: Pick<PolicyStore, 'live'>,
  ) {}

  /** @throws Problem request-malformed, answer-refused, pseudonym-conflict, request-limit-reached */
  async admit(request: FurtherClient): Promise<Credential> {
    const { uri, clientUri, by, signature } = request;
    const spki = await provenKey(request, this.policies.live().document.domain);
    const [known, newest, key] = await Promise.all([
      this.repository.find(uri),
      this.repository.newestPeriod(uri),
      this.repository.clientKey(uri, by),
    ]);
    if (!known || !newest || !key || known.revoked || known.disabled || known.expiryDay <= this.clock.today()) throw refused();
    if (!(await verifyClientSignature(key, await addClientMessage(uri, clientUri, spki), signature))) throw refused();
    const isNew = (await this.repository.findClient(clientUri)) === null;
    if (isNew && (await this.repository.countClients(uri)) >= MOST_CLIENTS) throw new Problem('request-limit-reached');
    if ((await this.writer.addClient({ uri, clientUri, spki })) === 'conflict') throw new Problem('pseudonym-conflict');
    return this.credentials.give({ uri, clientUri, spki }, newest);
  }
}
