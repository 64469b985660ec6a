/**
 * The nightly rewrite: all account rows anew, in random order and by one transaction, counters of past days and periods set to zero.
 * Otherwise place (`ctid`) and `xmin` of a row would tell the order in which accounts took tickets, for as long as rows live.
 */
import { Injectable } from '@nestjs/common';
import { periodOf } from '#contracts';
import { PrismaClient } from '#db/registrar';

const TIMEOUT_MS = 600_000;

@Injectable()
export class RewriteRepository {
  constructor(private readonly database: PrismaClient) {}

  /** Gives the number of rows; 0 when nothing had changed since the last rewrite. Reads go on meanwhile, writes wait. */
  rewrite(day: number): Promise<number> {
    const period = periodOf(day);
    return this.database.$transaction(
      async (transaction) => {
        await transaction.$executeRaw`LOCK TABLE registrar.accounts IN EXCLUSIVE MODE`;
        const [state] = await transaction.$queryRaw<{ fresh: boolean }[]>`
          SELECT count(DISTINCT xmin::text) < 2
            AND bool_and((ticket_day = 0 OR ticket_day >= ${day}::int) AND (ticket_period = 0 OR ticket_period >= ${period}::int))
            IS NOT FALSE AS fresh
          FROM registrar.accounts`;
        if (state?.fresh) return 0;
        return transaction.$executeRaw`
          WITH gone AS (DELETE FROM registrar.accounts RETURNING *)
          INSERT INTO registrar.accounts (subject, handle, holder_key, suspended, suspended_month, email_mark, phone_mark,
            ticket_day, tickets_today, ticket_period, tickets_in_period)
          SELECT subject, handle, holder_key, suspended, suspended_month, email_mark, phone_mark,
            CASE WHEN ticket_day >= ${day}::int THEN ticket_day ELSE 0 END,
            CASE WHEN ticket_day >= ${day}::int THEN tickets_today ELSE 0 END,
            CASE WHEN ticket_period >= ${period}::int THEN ticket_period ELSE 0 END,
            CASE WHEN ticket_period >= ${period}::int THEN tickets_in_period ELSE 0 END
          FROM gone ORDER BY random()`;
      },
      { timeout: TIMEOUT_MS, maxWait: 60_000 },
    );
  }
}
