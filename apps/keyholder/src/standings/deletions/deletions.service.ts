/**
 * The life of a deletion: suspended for good, named to the registrar with others, forgotten when nothing of it can be met any more. What
 * stays is a tombstone, HMACs of handle and holder key, so that deleting and enrolling again washes no record.
 */
import { Injectable } from '@nestjs/common';
import type { Transaction } from '../../database/writer.js';
import { holderKeyOf } from '../../handles/replacements.repository.js';
import { KeyholderKeys } from '../../keys/keyholder-keys.js';
import { prfLabels } from '../../keys/prf.js';
import { addDeletion, addTombstones, hasTombstone } from './deletions.repository.js';

@Injectable()
export class Deletions {
  constructor(private readonly keys: KeyholderKeys) {}

  /** Of an account that is suspended for good by the same act. */
  async begin(transaction: Transaction, handle: Uint8Array): Promise<void> {
    const holderKey = await holderKeyOf(transaction, handle);
    await addDeletion(transaction, handle);
    await addTombstones(transaction, this.marksOf(handle, holderKey));
  }

  /** Was this handle, or this holder key, deleted? */
  isDeleted(transaction: Transaction, handle: Uint8Array, holderKey: Uint8Array): Promise<boolean> {
    return hasTombstone(transaction, this.marksOf(handle, holderKey));
  }

  private marksOf(handle: Uint8Array, holderKey: Uint8Array | undefined): Uint8Array[] {
    const { prf } = this.keys;
    const ofHandle = prf.bytes(prfLabels.tombstone, 'handle', handle);
    return holderKey ? [ofHandle, prf.bytes(prfLabels.tombstone, 'holder-key', holderKey)] : [ofHandle];
  }
}
