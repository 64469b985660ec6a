/**
 * Redemption (protocol.md §3, steps 3–5): who asks is not said. A wrapped ticket, which only the key holder opens, and a proven key
 * become a pseudonym, its selector and a credential. The same request after a lost answer gives the credential again.
 */
import { Inject, Injectable } from '@nestjs/common';
import type { z } from 'zod';
import { Problem, sameBytes } from '#contracts';
import type { redemptionRequest } from '#contracts';
import { Clock } from '#platform';
import { PolicyStore } from '#policy';
import { subjectOf } from '#tickets';
import { EVENTS } from '../events.js';
import type { NymsEvents } from '../events.js';
import { KeyholderClient } from '../keyholder/keyholder-client.js';
import { KEYHOLDER_PIN } from '../keyholder/pin.js';
import type { KeyholderPin } from '../keyholder/pin.js';
import { refused } from '../keyholder/refusal.js';
import { SelectorSource } from '../enforcement/selector-source.js';
import { provenKey } from './client-key.js';
import { Credentials } from './credentials.service.js';
import type { Credential } from './credentials.service.js';
import { PseudonymsRepository } from './pseudonyms.repository.js';
import type { StoredPseudonym } from './pseudonyms.repository.js';
import { PseudonymsWriter } from './pseudonyms.writer.js';
import type { NewClient } from './pseudonyms.writer.js';
import { acceptSelector } from './selector-check.js';

type Redemption = z.output<typeof redemptionRequest>;

@Injectable()
export class RedemptionService {
  constructor(
    private readonly repository: PseudonymsRepository,
    private readonly writer: PseudonymsWriter,
    private readonly keyholder: KeyholderClient,
    private readonly credentials: Credentials,
    private readonly selectors: SelectorSource,
    private readonly clock: Clock,
    @Inject(PolicyStore) private readonly policies: Pick<PolicyStore, 'live'>,
    @Inject(KEYHOLDER_PIN) private readonly pin: KeyholderPin,
    @Inject(EVENTS) private readonly events: NymsEvents,
  ) {}

  /** @throws Problem request-malformed, pseudonym-conflict, answer-refused */
  async redeem(request: Redemption): Promise<Credential> {
    const { uri, clientUri, salt, wrapped } = request;
    const spki = await provenKey(request, this.policies.live().document.domain);
    const subject = await subjectOf(salt, uri, spki);
    const { known, client } = await this.repository.lookUp(uri, clientUri);
    if (known) {
      const isOwn = client?.uri === uri && sameBytes(client.spki, spki) && sameBytes(known.subject, subject);
      if (!isOwn) throw new Problem('pseudonym-conflict');
      return this.again(known, { uri, clientUri, spki });
    }
    if (client) throw new Problem('pseudonym-conflict');
    const record = await this.keyholder.mint(wrapped, subject);
    const selector = acceptSelector(record, this.pin, { at: 'mint', subject, period: undefined }, this.events);
    const written = await this.writer.add({ uri, salt, clientUri, spki, selector });
    if (written === 'conflict') throw new Problem('pseudonym-conflict');
    this.selectors.noteStored(selector.selectorId);
    return this.credentials.give({ uri, clientUri, spki }, selector);
  }

  /** For a pseudonym that is stored, asked for by its own key. */
  private async again({ uri, revoked, disabled, expiryDay }: StoredPseudonym, client: NewClient): Promise<Credential> {
    const newest = await this.repository.newestPeriod(uri);
    if (revoked || disabled || expiryDay <= this.clock.today() || !newest) throw refused();
    return this.credentials.give(client, newest);
  }
}
