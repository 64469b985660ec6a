/** What waits and what was: counts for metrics, a hub's own log, and what retention takes away. */
import { Injectable } from '@nestjs/common';
import type { DeliveryLog, DeliveryOutcome } from '#contracts';
import { PrismaClient } from '#db/nyms';

const MOST_SHOWN = 1_000;
const AT_ONCE = 5_000;

@Injectable()
export class BacklogRepository {
  constructor(private readonly database: PrismaClient) {}

  async depth(): Promise<{ waiting: number; dead: number; oldestHour: number | undefined }> {
    const [row] = await this.database.$queryRaw<{ waiting: number; dead: number; oldest: number | null }[]>`
      SELECT count(*) FILTER (WHERE NOT dead)::int AS waiting, count(*) FILTER (WHERE dead)::int AS dead,
        min(hour) FILTER (WHERE NOT dead AND hour > 0) AS oldest FROM streams.queue`;
    return { waiting: row?.waiting ?? 0, dead: row?.dead ?? 0, oldestHour: row?.oldest ?? undefined };
  }

  /** A failing one counts as such, whatever its status. */
  async streams(): Promise<Readonly<Record<string, number>>> {
    const rows = await this.database.$queryRaw<{ status: string; count: number }[]>`
      SELECT CASE WHEN failures > 0 THEN 'failing' ELSE status END AS status, count(*)::int AS count FROM streams.streams GROUP BY 1`;
    return Object.fromEntries(rows.map(({ status, count }) => [status, count]));
  }

  async logOf(streamId: string): Promise<DeliveryLog> {
    const waiting = await this.database.queuedSet.groupBy({ by: ['dead'], where: { streamId }, _count: true });
    const rows = await this.database.$queryRawUnsafe<(DeliveryLog['deliveries'][number] & { err: string | null })[]>(
      `SELECT jti, event, outcome, err, day FROM streams.log WHERE stream_id = $1 ORDER BY day DESC, id LIMIT ${MOST_SHOWN}`,
      streamId,
    );
    const count = (dead: boolean) => waiting.find((row) => row.dead === dead)?._count ?? 0;
    return {
      waiting: count(false),
      dead: count(true),
      deliveries: rows.map(({ err, ...row }) => ({
        ...row,
        outcome: row.outcome as DeliveryOutcome,
        ...(err !== null && { err }),
      })),
    };
  }

  /** @returns how many lines went */
  removeLog(beforeDay: number): Promise<number> {
    return this.remove('DELETE FROM streams.log WHERE id IN (SELECT id FROM streams.log WHERE day < $1 LIMIT $2)', beforeDay);
  }

  /** Gives up what nobody has taken for so long, dead letters too. @param day of today. @returns how many SETs went */
  async expire(beforeHour: number, day: number): Promise<number> {
    return this.remove(
      `WITH gone AS (DELETE FROM streams.queue WHERE jti IN (SELECT jti FROM streams.queue WHERE hour > 0 AND hour < $1 LIMIT $2)
         RETURNING stream_id, jti, event)
       INSERT INTO streams.log (stream_id, jti, event, outcome, day) SELECT stream_id, jti, event, 'expired', ${Number(day)} FROM gone`,
      beforeHour,
    );
  }

  /** Subjects whose pseudonym is not there (any more) and of which nothing is to be told. @returns how many went */
  async removeSubjects(): Promise<number> {
    let removed = 0;
    for (let batch = AT_ONCE; batch === AT_ONCE; removed += batch) {
      const [row] = await this.database.$queryRawUnsafe<{ count: number }[]>(
        `WITH gone AS (
           DELETE FROM streams.subjects WHERE (stream_id, uri) IN (
             SELECT stream_id, uri FROM streams.subjects s
             WHERE NOT EXISTS (SELECT 1 FROM pseudonyms.pseudonyms p WHERE p.uri = s.uri)
               AND NOT EXISTS (SELECT 1 FROM streams.fresh_subjects f WHERE f.stream_id = s.stream_id AND f.uri = s.uri) LIMIT ${AT_ONCE})
           RETURNING stream_id),
         counted AS (UPDATE streams.streams t SET subject_count = greatest(0, t.subject_count - g.count)
           FROM (SELECT stream_id, count(*)::int AS count FROM gone GROUP BY 1) g WHERE t.id = g.stream_id)
         SELECT count(*)::int AS count FROM gone`,
      );
      batch = row?.count ?? 0;
    }
    return removed;
  }

  private async remove(statement: string, bound: number): Promise<number> {
    let removed = 0;
    for (let batch = AT_ONCE; batch === AT_ONCE; removed += batch) {
      batch = await this.database.$executeRawUnsafe(statement, bound, AT_ONCE);
    }
    return removed;
  }
}
