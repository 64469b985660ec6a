/**
 * What is known of hubs' streams towards us (PostgreSQL schema `polling`): status, the proof of life asked for, and which process polls.
 * Every change is one statement whose condition holds in it, so that processes and crashes cannot come between.
 */
import { Injectable } from '@nestjs/common';
import type { StreamStatus } from '#contracts';
import { PrismaClient } from '#db/nyms';

@Injectable()
export class HubStreamsRepository {
  constructor(private readonly db: PrismaClient) {}

  /** @param at `iat` of the event. @returns whether it tells anything new: an older event changes nothing. */
  async noteStatus(hub: string, status: StreamStatus, at: number): Promise<boolean> {
    const [changed] = await this.db.$queryRaw<{ before: string | null }[]>`
      WITH earlier AS (SELECT status FROM polling.streams WHERE hub = ${hub})
      INSERT INTO polling.streams AS s (hub, status, status_at) VALUES (${hub}, ${status}, ${at})
      ON CONFLICT (hub) DO UPDATE SET status = excluded.status, status_at = excluded.status_at
        WHERE s.status_at IS NULL OR s.status_at <= excluded.status_at
      RETURNING (SELECT status FROM earlier) AS before`;
    return changed !== undefined && changed.before !== status;
  }

  /** How many hubs are in which status. */
  async statuses(): Promise<{ status: string; count: number }[]> {
    const rows = await this.db.hubStream.groupBy({ by: ['status'], where: { status: { not: null } }, _count: true });
    return rows.map(({ status, _count }) => ({ status: status as string, count: _count }));
  }

  /** Notes that a verification event is asked for, unless one is under way or the last was answered after `again`. */
  async beginAsk(
    hub: string,
    ask: { state: string; now: Date; until: Date; again: Date },
  ): Promise<'asked' | 'unanswered' | 'not-due'> {
    const { state, now, until, again } = ask;
    const [row] = await this.db.$queryRaw<{ unanswered: boolean | null }[]>`
      WITH earlier AS (SELECT asked_state IS NOT NULL AND answered_jti IS NULL AS unanswered FROM polling.streams WHERE hub = ${hub})
      INSERT INTO polling.streams AS s (hub, asked_state, asked_until) VALUES (${hub}, ${state}, ${until.toISOString()}::timestamptz)
      ON CONFLICT (hub) DO UPDATE SET asked_state = excluded.asked_state, asked_until = excluded.asked_until, answered_jti = NULL
        WHERE s.asked_until IS NULL OR s.asked_until <= CASE WHEN s.answered_jti IS NULL
          THEN ${now.toISOString()}::timestamptz ELSE ${again.toISOString()}::timestamptz END
      RETURNING (SELECT unanswered FROM earlier) AS unanswered`;
    if (!row) return 'not-due';
    return row.unanswered ? 'unanswered' : 'asked';
  }

  /** Is a state of ours still waited for? */
  async isAsked(hub: string, now: Date): Promise<boolean> {
    const asked = { hub, askedState: { not: null }, answeredJti: null, askedUntil: { gt: now } };
    return (await this.db.hubStream.count({ where: asked })) > 0;
  }

  /** Would this state, brought by this SET, be what was asked for? */
  async fits(hub: string, jti: string, state: string, now: Date): Promise<boolean> {
    const inTime = [{ answeredJti: jti }, { answeredJti: null, askedUntil: { gt: now } }];
    return (await this.db.hubStream.count({ where: { hub, askedState: state, OR: inTime } })) > 0;
  }

  /** Notes the SET that brings it; the same SET again fits again. @returns whether it fits */
  async answer(hub: string, jti: string, state: string, now: Date): Promise<boolean> {
    const inTime = [{ answeredJti: jti }, { answeredJti: null, askedUntil: { gt: now } }];
    const { count } = await this.db.hubStream.updateMany({
      where: { hub, askedState: state, OR: inTime },
      data: { answeredJti: jti },
    });
    return count > 0;
  }

  /** Takes or keeps the poll of a hub; times are the database's. @returns false while another process has it */
  async hold(hub: string, holder: string, seconds: number): Promise<boolean> {
    const held = await this.db.$executeRaw`
      INSERT INTO polling.streams AS s (hub, holder, held_until) VALUES (${hub}, ${holder}, now() + make_interval(secs => ${seconds}))
      ON CONFLICT (hub) DO UPDATE SET holder = excluded.holder, held_until = excluded.held_until
        WHERE s.holder IS NULL OR s.holder = excluded.holder OR s.held_until < now()`;
    return held > 0;
  }

  /** All polls of a process, for as long again. */
  async keep(holder: string, seconds: number): Promise<void> {
    await this.db.$executeRaw`
      UPDATE polling.streams SET held_until = now() + make_interval(secs => ${seconds}) WHERE holder = ${holder}`;
  }

  /** @param hub of one hub only. */
  async release(holder: string, hub?: string): Promise<void> {
    await this.db.hubStream.updateMany({
      where: { holder, ...(hub !== undefined && { hub }) },
      data: { holder: null, heldUntil: null },
    });
  }
}
