/** Release batches in PostgreSQL: a batch and the cursor that says so change in one transaction, so each is applied once. */
import { Injectable } from '@nestjs/common';
import { PrismaClient } from '#db/registrar';
import { tombstoneOf } from '../accounts/tombstones.repository.js';
import { findRelated } from '../relations/findings.repository.js';
import type { ReleaseBatch } from '../keyholder/keyholder-client.js';

@Injectable()
export class ReleasesRepository {
  constructor(private readonly database: PrismaClient) {}

  /** Number of the last batch that was applied; 0 before the first. */
  async cursor(): Promise<number> {
    return (await this.database.releaseCursor.findUnique({ where: { id: 1 } }))?.number ?? 0;
  }

  /**
   * Applies a batch unless this one or a later one was. `month` = first day of the month, all that a standing tells. False when
   * there was nothing to do, because another registrar was faster.
   */
  apply({ number, suspend, reinstate, remove, relatedSuspend, relatedDelete }: ReleaseBatch, month: number): Promise<boolean> {
    const handles = (list: readonly Uint8Array[]) => list.map((handle) => Uint8Array.from(handle));
    return this.database.$transaction(async (transaction) => {
      await transaction.releaseCursor.createMany({ data: [{ id: 1 }], skipDuplicates: true });
      const moved = await transaction.releaseCursor.updateMany({ where: { id: 1, number: { lt: number } }, data: { number } });
      if (moved.count === 0) return false;
      await transaction.account.updateMany({
        where: { handle: { in: handles(suspend) }, suspended: false },
        data: { suspended: true, suspendedMonth: month },
      });
      await transaction.account.updateMany({
        where: { handle: { in: handles(reinstate) } },
        data: { suspended: false, suspendedMonth: null, ticketsToday: 0, ticketsInPeriod: 0 },
      });
      await findRelated(transaction, number, 'suspend', relatedSuspend);
      await findRelated(transaction, number, 'delete', relatedDelete);
      const deleted = await transaction.account.findMany({
        where: { handle: { in: handles(remove) } },
        select: { subject: true },
      });
      await transaction.tombstone.createMany({
        data: deleted.map(({ subject }) => ({ mark: tombstoneOf(subject) })),
        skipDuplicates: true,
      });
      await transaction.account.deleteMany({ where: { handle: { in: handles(remove) } } });
      return true;
    });
  }
}
