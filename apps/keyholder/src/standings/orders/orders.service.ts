/**
 * Carries out approved acts on accounts that people named by handle (protocol.md §7): nothing of them shows before a full batch, in which they
 * come in force with the others, so that nobody can test one account against the pseudonyms that end.
 */
import { Injectable } from '@nestjs/common';
import { standingAfter } from '#cases';
import type { Transaction } from '../../database/writer.js';
import { readStanding, writeStanding } from '../acts/account.repository.js';
import { Deletions } from '../deletions/deletions.service.js';
import { standOnApproval, takeOrders } from './orders.repository.js';

@Injectable()
export class Orders {
  constructor(private readonly deletions: Deletions) {}

  /** All that wait, in the transaction of a batch that is full. */
  async carryOut(transaction: Transaction, day: number): Promise<void> {
    const orders = await takeOrders(transaction);
    for (const { handle, remedy } of orders) {
      const before = await readStanding(transaction, handle);
      const after = standingAfter(before, { act: remedy === 'delete' ? 'delete' : 'remove' }, day);
      if (after && after !== before) await writeStanding(transaction, handle, after, { day, force: undefined });
      if (remedy === 'delete') await this.deletions.begin(transaction, handle);
    }
    await standOnApproval(
      transaction,
      orders.map(({ handle }) => handle),
    );
  }
}
