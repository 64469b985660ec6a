/** Looks at subjects that were added, a batch a transaction: those that are not active are told of (`Notices.tellOfAdded`). */
import { Injectable } from '@nestjs/common';
import { PrismaClient } from '#db/nyms';
import { Notices } from '../notices/notices.repository.js';

const AT_ONCE = 200;
const LONGEST_MS = 30_000;

@Injectable()
export class AddedSubjects {
  constructor(
    private readonly database: PrismaClient,
    private readonly notices: Notices,
  ) {}

  /** All there are; what is locked stays for the next time. */
  async tell(): Promise<void> {
    for (let settled = AT_ONCE; settled === AT_ONCE;) {
      settled = await this.database.$transaction((tx) => this.notices.tellOfAdded(tx, AT_ONCE), { timeout: LONGEST_MS });
    }
  }
}
