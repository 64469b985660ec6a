/**
 * Enrolment (protocol.md §2): account → random handle → the key holder's receipt. Each step is safe to repeat, so a crash between
 * them is mended by the client's next call: the handle is kept, the key holder answers the same, the key is noted last. Which key an account
 * has is the key holder's word alone: it changes when a replacement has had its seven days.
 */
import { Injectable } from '@nestjs/common';
import { Problem } from '#contracts';
import type { Handle } from '#contracts';
import { isUsablePublicKey } from '#platform';
import { randomBytes, verifyEnrolment } from '#tickets';
import type { AccountId } from '../accounts/access-token.js';
import { AccountsRepository } from '../accounts/accounts.repository.js';
import { TombstonesRepository } from '../accounts/tombstones.repository.js';
import { KeyholderClient } from '../keyholder/keyholder-client.js';
import type { EnrolledHandle } from '../keyholder/keyholder-client.js';

const HANDLE_LENGTH = 16;

@Injectable()
export class EnrolmentService {
  constructor(
    private readonly accounts: AccountsRepository,
    private readonly tombstones: TombstonesRepository,
    private readonly keyholder: KeyholderClient,
  ) {}

  /** The same receipt for the same account and key, however often. Throws Problem holder-key-conflict for any other key, account-suspended for a deleted account. */
  async enrol(account: AccountId, holderKey: Uint8Array, proof: Uint8Array): Promise<EnrolledHandle> {
    const { keyHolderId } = await this.keyholder.keysOfToday();
    if (!isUsablePublicKey(holderKey) || !(await verifyEnrolment(keyHolderId, holderKey, proof)))
      throw new Problem('request-malformed', { detail: 'body.proof is not by body.holderKey for this key holder' });
    if (await this.tombstones.isDeleted(account)) throw new Problem('account-suspended');
    const row = await this.accounts.findOrMake(account, randomBytes(HANDLE_LENGTH) as Handle);
    const receipt = await this.keyholder.enrol(row.handle, holderKey, proof).catch((error: unknown) => {
      // the proof is good, so all it can mean is: this handle has another key, or this key another handle
      throw error instanceof Problem && error.code === 'answer-refused' ? new Problem('holder-key-conflict') : error;
    });
    await this.accounts.noteHolderKey(account, holderKey);
    return receipt;
  }
}
