/**
 * Blind acts (protocol.md §7): a moderator suspends the account behind a pseudonym, or it is reinstated, without anybody here learning which
 * account that is. Stored first, then forwarded with the pseudonym's selector; the key holder takes a statement once and answers with a
 * receipt that tells nothing.
 */
import { Inject, Injectable } from '@nestjs/common';
import { Problem, toBase64Url } from '#contracts';
import type { ActStatement, Signed } from '#contracts';
import { Clock } from '#platform';
import { PolicyStore } from '#policy';
import { toSelectorJson } from '#pseudonyms';
import { EVENTS } from '../events.js';
import type { NymsEvents } from '../events.js';
import { KeyholderClient } from '../keyholder/keyholder-client.js';
import { PseudonymsRepository } from '../pseudonyms/pseudonyms.repository.js';
import { ActsRepository } from './acts.repository.js';
import { requireRecent, requireSigner } from './signatures.js';

const SWEPT_AT_ONCE = 100;

@Injectable()
export class Acts {
  constructor(
    private readonly acts: ActsRepository,
    private readonly pseudonyms: PseudonymsRepository,
    private readonly keyholder: KeyholderClient,
    private readonly policies: PolicyStore,
    private readonly clock: Clock,
    @Inject(EVENTS) private readonly events: NymsEvents,
  ) {}

  /**
   * base64url of 64 bytes; the same for the same statement. When the key holder is away the act is stored all the same, and done later.
   * @throws Problem not-permitted, request-malformed, not-found, answer-refused, service-unavailable
   */
  async act(signed: Signed<ActStatement>): Promise<string> {
    const { statement } = signed;
    requireSigner(signed, this.policies.live().document, this.policies.people.newest);
    const known = await this.acts.find(statement.id);
    if (!known) {
      requireRecent(statement, this.clock.today());
      if (!(await this.pseudonyms.newestPeriod(statement.uri))) throw new Problem('not-found');
    }
    const act = await this.acts.add(signed);
    if (!act) throw new Problem('request-malformed', { detail: 'body.statement.id was used for another statement' });
    return toBase64Url(act.receipt ?? (await this.forward(signed)));
  }

  /** Those that a crash or an absent key holder left behind. @returns how many still wait */
  async forwardWaiting(): Promise<number> {
    let left = 0;
    for (const { signed } of await this.acts.waiting(SWEPT_AT_ONCE)) {
      await this.forward(signed).catch(() => (left += 1));
    }
    return left;
  }

  private async forward({ statement, signature }: Signed<ActStatement>): Promise<Uint8Array> {
    const found = await this.pseudonyms.newestSelector(statement.uri);
    if (!found) {
      await this.acts.remove(statement.id); // retention took the pseudonym first
      throw new Problem('not-found');
    }
    try {
      const receipt = await this.keyholder.act({
        statement,
        signature,
        selector: toSelectorJson(found.selector),
        salt: toBase64Url(found.salt),
        publicKey: toBase64Url(found.spki),
      });
      await this.acts.receive(statement.id, receipt);
      this.events.emit('act-forwarded', {});
      return receipt;
    } catch (error) {
      if (error instanceof Problem && error.code === 'answer-refused') await this.acts.remove(statement.id);
      throw error;
    }
  }
}
