/** What has left the window for good (protocol.md §2, §4): rows go in bounded batches, so that no lock is long. */
import { Injectable } from '@nestjs/common';
import { PrismaClient } from '#db/nyms';

const AT_ONCE = 500;

@Injectable()
export class RetentionRepository {
  constructor(private readonly database: PrismaClient) {}

  /** Pseudonyms with all that hangs on them. @param day those that expired before it go */
  removePseudonyms(day: number): Promise<number> {
    return this.remove(
      'DELETE FROM pseudonyms.pseudonyms WHERE uri IN (SELECT uri FROM pseudonyms.pseudonyms WHERE expiry_day < $1 LIMIT $2)',
      day,
    );
  }

  /** Selectors of earlier periods of pseudonyms that live on. */
  removeSelectors(day: number): Promise<number> {
    return this.remove(
      'DELETE FROM pseudonyms.selectors WHERE selector_id IN (SELECT selector_id FROM pseudonyms.selectors WHERE expiry_day < $1 LIMIT $2)',
      day,
    );
  }

  private async remove(statement: string, day: number): Promise<number> {
    let removed = 0;
    for (let batch = AT_ONCE; batch === AT_ONCE; removed += batch) {
      batch = await this.database.$executeRawUnsafe(statement, day, AT_ONCE);
    }
    return removed;
  }
}
