/**
 * Enrolment (protocol.md §2): handle → holder key, noted once and for good, with a receipt that the client checks. From then on
 * nobody mints under the handle without the holder key, the registrar included.
 */
import { Injectable } from '@nestjs/common';
import type { Handle } from '#contracts';
import { Clock, isUsablePublicKey } from '#platform';
import { signReceipt, verifyEnrolment } from '#tickets';
import type { Receipt } from '#tickets';
import { refused } from '../answers/refusal.js';
import { KeyholderKeys } from '../keys/keyholder-keys.js';
import { HandlesRepository } from './handles.repository.js';

@Injectable()
export class HandlesService {
  constructor(
    private readonly clock: Clock,
    private readonly keys: KeyholderKeys,
    private readonly repository: HandlesRepository,
  ) {}

  /** The same receipt for the same pair, always. @throws Problem 'answer-refused' */
  async enrol(handle: Handle, holderKey: Uint8Array, proof: Uint8Array): Promise<Receipt> {
    const { keyHolderId, rootSigner } = this.keys;
    const proven = isUsablePublicKey(holderKey) && (await verifyEnrolment(keyHolderId, holderKey, proof));
    if (!proven || !(await this.repository.enrol(handle, holderKey, this.clock.today()))) throw refused();
    return signReceipt(rootSigner, keyHolderId, handle, holderKey);
  }
}
