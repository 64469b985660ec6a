/** Revoked pseudonyms in PostgreSQL: one flag, and no time of it. */
import { Injectable } from '@nestjs/common';
import { PrismaClient } from '#db/nyms';
import type { Revocations } from './enforcement.js';

@Injectable()
export class RevocationsRepository implements Revocations {
  constructor(private readonly database: PrismaClient) {}

  async revoke(selectorIds: readonly Uint8Array[]): Promise<number> {
    const { count } = await this.database.pseudonym.updateMany({
      where: { revoked: false, selectors: { some: { selectorId: { in: selectorIds.map((id) => Uint8Array.from(id)) } } } },
      data: { revoked: true },
    });
    return count;
  }
}
