/**
 * What becomes of pseudonyms in PostgreSQL: a flag for good, a flag for a term, and no time of either. What hubs are to be told is queued with
 * it, or neither happens.
 */
import { Injectable } from '@nestjs/common';
import { dueChanges } from '#contracts';
import type { DueChange, DuePlace } from '#contracts';
import { PrismaClient } from '#db/nyms';
import type { Prisma } from '#db/nyms';
import { Notices } from '../streams/notices/notices.repository.js';
import type { Changed, Revocations } from './enforcement.js';

const LONGEST_MS = 30_000;

@Injectable()
export class RevocationsRepository implements Revocations {
  constructor(
    private readonly database: PrismaClient,
    private readonly notices: Notices,
  ) {}

  apply(places: readonly DuePlace[]): Promise<Changed> {
    return this.database.$transaction(
      async (tx) => {
        const changed: Record<DueChange, number> = { revoked: 0, disabled: 0, enabled: 0 };
        const told = [];
        // what ends for good goes first: it is neither out of use nor back then
        for (const change of dueChanges) {
          const uris = await applyOne(tx, change, places);
          changed[change] = uris.length;
          told.push(...uris.map((uri) => ({ uri, change })));
        }
        await this.notices.tell(tx, told);
        return changed;
      },
      { timeout: LONGEST_MS },
    );
  }
}

/** @returns the pseudonyms that changed */
async function applyOne(tx: Prisma.TransactionClient, change: DueChange, places: readonly DuePlace[]): Promise<string[]> {
  const ids = places.filter((place) => place.change === change).map(({ selectorId }) => Buffer.from(selectorId).toString('hex'));
  const rows = await tx.$queryRaw<{ uri: string }[]>`
    UPDATE pseudonyms.pseudonyms SET revoked = ${change === 'revoked'}, disabled = CASE ${change}::text
      WHEN 'revoked' THEN disabled WHEN 'disabled' THEN true ELSE false END
    WHERE NOT revoked AND (${change}::text = 'revoked' OR disabled = (${change}::text = 'enabled')) AND uri IN (
      SELECT uri FROM pseudonyms.selectors WHERE selector_id IN (SELECT decode(id, 'hex') FROM unnest(${ids}::text[]) AS id))
    RETURNING uri`;
  return rows.map(({ uri }) => uri);
}
