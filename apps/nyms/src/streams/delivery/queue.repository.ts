/**
 * The durable queue of streams. A SET leaves it when its receiver has acknowledged it, and a line of the log takes its place; what is cut
 * off between the two is sent again. Of one subject only the oldest change is ever on its way, so nothing overtakes.
 */
import { Injectable } from '@nestjs/common';
import type { DeliveryOutcome } from '#contracts';
import { PrismaClient } from '#db/nyms';

export interface Queued {
  readonly jti: string;
  readonly token: string;
  readonly attempts: number;
}

/** As a push needs it. */
export interface LeasedStream {
  readonly id: string;
  readonly hub: string;
  readonly endpointUrl: string;
  readonly sealedHeader: Uint8Array | null;
  readonly status: string;
  readonly statusBy: string;
  readonly failures: number;
  readonly failingSince: Date | null;
}

export interface Settled {
  readonly jti: string;
  readonly outcome: DeliveryOutcome;
  readonly err?: string | undefined;
}

const LEASE_SECONDS = 30;

/** Of a stream that is paused, only what is about the stream itself. */
const first = `NOT dead AND ($2 OR uri = '') AND NOT EXISTS (
  SELECT 1 FROM streams.queue p WHERE p.stream_id = q.stream_id AND p.uri = q.uri AND NOT p.dead AND p.seq < q.seq)`;

@Injectable()
export class QueueRepository {
  constructor(private readonly database: PrismaClient) {}

  /** Oldest hour first, at random within it. @param all else only what is about the stream itself */
  next(streamId: string, all: boolean, most: number): Promise<Queued[]> {
    return this.database.$queryRawUnsafe<Queued[]>(
      `SELECT jti, token, attempts FROM streams.queue q WHERE stream_id = $1 AND ${first} ORDER BY hour, jti LIMIT ${most}`,
      streamId,
      all,
    );
  }

  /** Those of these streams that have something to give. */
  async withSome(streamIds: readonly string[]): Promise<string[]> {
    const rows = await this.database.$queryRawUnsafe<{ id: string }[]>(
      `SELECT id FROM streams.streams t WHERE id = ANY($1::text[]) AND status <> 'disabled'
         AND EXISTS (SELECT 1 FROM streams.queue q WHERE q.stream_id = t.id AND NOT q.dead AND (t.status = 'enabled' OR q.uri = ''))`,
      streamIds,
    );
    return rows.map(({ id }) => id);
  }

  /**
   * Out of the queue and into the log; what was refused stays as a dead letter for an operator to send again, until a later change of the
   * same subject went through, even one that was on its way as the letter was sent again. Those that are not there are passed over.
   * @returns how many were there
   */
  async settle(streamId: string, settled: readonly Settled[], day: number): Promise<number> {
    if (settled.length === 0) return 0;
    const column = <T>(of: (one: Settled) => T): T[] => settled.map(of);
    const [row] = await this.database.$queryRawUnsafe<{ count: number }[]>(
      `WITH s AS (SELECT * FROM unnest($2::text[], $3::text[], $4::text[]) AS s(jti, outcome, err)),
       gone AS (DELETE FROM streams.queue q USING s WHERE q.stream_id = $1 AND q.jti = s.jti AND s.outcome <> 'refused'
         RETURNING q.jti, q.event, s.outcome, s.err, q.uri, q.seq),
       older AS (DELETE FROM streams.queue q USING gone g WHERE q.stream_id = $1 AND q.uri = g.uri AND q.seq < g.seq
         RETURNING q.jti, q.event, q.err),
       dead AS (UPDATE streams.queue q SET dead = true, err = s.err FROM s WHERE q.stream_id = $1 AND q.jti = s.jti AND s.outcome = 'refused'
         RETURNING q.jti, q.event, s.outcome, s.err),
       logged AS (INSERT INTO streams.log (stream_id, jti, event, outcome, err, day)
         SELECT $1, jti, event, outcome, err, $5::int FROM (
           SELECT jti, event, outcome, err FROM gone UNION ALL SELECT jti, event, outcome, err FROM dead
           UNION ALL SELECT jti, event, 'superseded', err FROM older) AS o)
       SELECT (SELECT count(*) FROM gone)::int + (SELECT count(*) FROM dead)::int AS count`,
      streamId,
      column(({ jti }) => jti),
      column(({ outcome }) => outcome),
      column(({ err }) => err ?? null),
      day,
    );
    return row?.count ?? 0;
  }

  async countAttempts(jtis: readonly string[]): Promise<void> {
    await this.database.$executeRawUnsafe('UPDATE streams.queue SET attempts = attempts + 1 WHERE jti = ANY($1::text[])', jtis);
  }

  /** Streams to push to that have something due and that nobody is at. */
  async due(now: Date): Promise<{ id: string; hub: string }[]> {
    return this.database.$queryRaw<{ id: string; hub: string }[]>`
      SELECT id, hub FROM streams.streams t
      WHERE method = 'push' AND status <> 'disabled' AND coalesce(next_attempt_at <= ${now}, true) AND coalesce(lease_until < now(), true)
        AND EXISTS (SELECT 1 FROM streams.queue q WHERE q.stream_id = t.id AND NOT q.dead AND (t.status = 'enabled' OR q.uri = ''))`;
  }

  /**
   * The stream, to this holder alone for half a minute from now; undefined when another has it, nothing is due, or it is gone. The
   * database's clock counts here, since it is one for all processes.
   */
  async lease(id: string, holder: string, now: Date): Promise<LeasedStream | undefined> {
    const [row] = await this.database.$queryRaw<LeasedStream[]>`
      UPDATE streams.streams SET lease = ${holder}, lease_until = now() + make_interval(secs => ${LEASE_SECONDS})
      WHERE id = ${id} AND method = 'push' AND status <> 'disabled' AND coalesce(next_attempt_at <= ${now}, true)
        AND (lease = ${holder} OR coalesce(lease_until < now(), true))
      RETURNING id, hub, endpoint_url AS "endpointUrl", sealed_header AS "sealedHeader", status, status_by AS "statusBy", failures,
        failing_since AS "failingSince"`;
    return row;
  }

  async release(id: string, holder: string): Promise<void> {
    await this.database.$executeRaw`
      UPDATE streams.streams SET lease = NULL, lease_until = NULL WHERE id = ${id} AND lease = ${holder}`;
  }

  async noteSuccess(id: string): Promise<void> {
    await this.database.$executeRaw`
      UPDATE streams.streams SET failures = 0, failing_since = NULL, last_failure = NULL, next_attempt_at = NULL WHERE id = ${id} AND failures > 0`;
  }

  async noteFailure(id: string, failure: string, now: Date, nextAttemptAt: Date): Promise<void> {
    await this.database.$executeRaw`
      UPDATE streams.streams SET failures = failures + 1, failing_since = coalesce(failing_since, ${now}), last_failure = ${failure},
        next_attempt_at = ${nextAttemptAt} WHERE id = ${id}`;
  }
}
