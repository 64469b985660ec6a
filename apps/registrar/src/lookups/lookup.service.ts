/**
 * Whose handle it is (protocol.md §7, "Break-glass"): answered to the requester of an approved request and to nobody else. The key holder's
 * warrant says that people have approved it; the requester shows with their key that it is them; the answer is sealed to them. What the
 * pseudonym was is not said here. Every lookup is an event.
 */
import { Inject, Injectable } from '@nestjs/common';
import type { z } from 'zod';
import { sealAnswer } from '#approvals';
import { canonicalBytes, frame, fromBase64Url, labels, Problem } from '#contracts';
import type { handleLookup } from '#contracts';
import { Clock, isSignedBy } from '#platform';
import { AccountsRepository } from '../accounts/accounts.repository.js';
import { EVENTS } from '../events.js';
import type { RegistrarEvents } from '../events.js';
import { KeyholderClient } from '../keyholder/keyholder-client.js';

export type HandleLookup = z.output<typeof handleLookup>;

@Injectable()
export class Lookups {
  constructor(
    private readonly keyholder: KeyholderClient,
    private readonly accounts: AccountsRepository,
    private readonly clock: Clock,
    @Inject(EVENTS) private readonly events: RegistrarEvents,
  ) {}

  /** @returns base64url, HPKE to the requester. @throws Problem not-permitted or service-unavailable */
  async lookUp(lookup: HandleLookup): Promise<string> {
    const { warrant } = lookup;
    if (!(await this.isWarranted(lookup))) {
      this.events.emit('lookup-refused', {});
      throw new Problem('not-permitted');
    }
    const account = await this.accounts.accountOf(fromBase64Url(warrant.handle));
    this.events.emit('account-looked-up', { request: warrant.request, found: account !== undefined });
    return sealAnswer(fromBase64Url(warrant.sealTo), fromBase64Url(warrant.request), { account: account ?? null });
  }

  private async isWarranted({ warrant, warrantSignature, signature }: HandleLookup): Promise<boolean> {
    const { keyHolderId } = await this.keyholder.keysOfToday();
    const root = await this.keyholder.rootKey();
    const bytes = canonicalBytes(warrant);
    return (
      warrant.keyHolderId === keyHolderId &&
      this.clock.now().getTime() < Date.parse(warrant.expiresAt) &&
      isSignedBy(root, frame(labels.warrant, bytes), warrantSignature) &&
      isSignedBy(fromBase64Url(warrant.requesterKey), frame(labels.lookup, bytes), signature)
    );
  }
}
