/** Revoked pseudonyms in PostgreSQL: one flag, and no time of it. What hubs are to be told is queued with it, or neither happens. */
import { Injectable } from '@nestjs/common';
import { PrismaClient } from '#db/nyms';
import { Notices } from '../streams/notices/notices.repository.js';
import type { Revocations } from './enforcement.js';

const LONGEST_MS = 30_000;

@Injectable()
export class RevocationsRepository implements Revocations {
  constructor(
    private readonly database: PrismaClient,
    private readonly notices: Notices,
  ) {}

  async revoke(selectorIds: readonly Uint8Array[]): Promise<number> {
    const ids = selectorIds.map((id) => Buffer.from(id).toString('hex'));
    return this.database.$transaction(
      async (tx) => {
        const revoked = await tx.$queryRaw<{ uri: string }[]>`
          UPDATE pseudonyms.pseudonyms SET revoked = true
          WHERE NOT revoked AND uri IN (
            SELECT uri FROM pseudonyms.selectors WHERE selector_id IN (SELECT decode(id, 'hex') FROM unnest(${ids}::text[]) AS id))
          RETURNING uri`;
        await this.notices.tell(
          tx,
          revoked.map(({ uri }) => ({ uri, change: 'revoked' })),
        );
        return revoked.length;
      },
      { timeout: LONGEST_MS },
    );
  }
}
