/**
 * Renewal (protocol.md §3): the pseudonym's first key signs, no ticket is needed. Unknown, expired, revoked and wrongly signed get the
 * answer that the key holder gives when it refuses.
 */
import { Inject, Injectable } from '@nestjs/common';
import type { z } from 'zod';
import { periodOf, Problem, renewalIsOpen, toBase64Url } from '#contracts';
import type { renewalRequest } from '#contracts';
import { Clock } from '#platform';
import { toSelectorJson } from '#pseudonyms';
import { renewMessage, verifyClientSignature } from '#tickets';
import { SelectorSource } from '../enforcement/selector-source.js';
import { EVENTS } from '../events.js';
import type { NymsEvents } from '../events.js';
import { KeyholderClient } from '../keyholder/keyholder-client.js';
import { KEYHOLDER_PIN } from '../keyholder/pin.js';
import type { KeyholderPin } from '../keyholder/pin.js';
import { refused } from '../keyholder/refusal.js';
import { Credentials } from './credentials.service.js';
import type { Credential } from './credentials.service.js';
import { PseudonymsRepository } from './pseudonyms.repository.js';
import { PseudonymsWriter } from './pseudonyms.writer.js';
import { acceptSelector } from './selector-check.js';

type Renewal = z.output<typeof renewalRequest>;

@Injectable()
export class RenewalService {
  constructor(
    private readonly repository: PseudonymsRepository,
    private readonly writer: PseudonymsWriter,
    private readonly keyholder: KeyholderClient,
    private readonly credentials: Credentials,
    private readonly selectors: SelectorSource,
    private readonly clock: Clock,
    @Inject(KEYHOLDER_PIN) private readonly pin: KeyholderPin,
    @Inject(EVENTS) private readonly events: NymsEvents,
  ) {}

  /** @throws Problem renewal-not-open, answer-refused */
  async renew({ uri, clientUri, period, signature }: Renewal): Promise<Credential> {
    const today = this.clock.today();
    if (!renewalIsOpen(today) || period !== periodOf(today) + 1) throw new Problem('renewal-not-open');
    const [known, newest, spki] = await Promise.all([
      this.repository.find(uri),
      this.repository.newestSelector(uri),
      this.repository.clientKey(uri, clientUri),
    ]);
    if (!known || !newest || !spki || known.revoked || known.disabled || known.expiryDay <= today) throw refused();
    if (!(await verifyClientSignature(known.spki, renewMessage(uri, period), signature))) throw refused();
    const client = { uri, clientUri, spki };
    // renewed before, and the answer was lost or another client asks
    if (newest.selector.period >= period) return this.credentials.give(client, newest.selector);
    const record = await this.keyholder.renew({
      selector: toSelectorJson(newest.selector),
      salt: toBase64Url(known.salt),
      uri,
      publicKey: toBase64Url(known.spki),
      period,
      signature: toBase64Url(signature),
    });
    const selector = acceptSelector(record, this.pin, { at: 'renewal', subject: known.subject, period }, this.events);
    await this.writer.addSelector(uri, selector);
    this.selectors.noteStored(selector.selectorId);
    return this.credentials.give(client, selector);
  }
}
