/** Reviews as moderators signed them (PostgreSQL schema `trust`). They go with the signals and pseudonyms that they are about. */
import { Injectable } from '@nestjs/common';
import { canonicalBytes, sameBytes } from '#contracts';
import type { ReviewStatement, Signed } from '#contracts';
import { PrismaClient } from '#db/nyms';
import type { Saying } from '#policy';

/** `absent`: nothing of that hub has counted there. `repeated`: this moderator has said something else of it before. */
export type Reviewed = 'reviewed' | 'absent' | 'repeated';

@Injectable()
export class ReviewsRepository {
  constructor(private readonly database: PrismaClient) {}

  /** Stores a review whose signature has been checked; one that came meanwhile changes nothing. */
  async add({ statement, signature }: Signed<ReviewStatement>): Promise<Reviewed> {
    const { id, hub, by, finding, day } = statement;
    const subject = statement.type === 'review-signal' ? { jti: statement.jti } : { uri: statement.uri };
    if (!(await this.database.signal.findFirst({ where: { hub, ...subject, state: 'counted' }, select: { id: true } }))) {
      return 'absent';
    }
    const row = { statementId: id, hub, ...subject, by, finding, body: statement, signature, day };
    const { count } = await this.database.review.createMany({ data: [row], skipDuplicates: true });
    return count === 1 || (await this.has(statement)) ? 'reviewed' : 'repeated';
  }

  /** Is this very statement stored? */
  async has(statement: ReviewStatement): Promise<boolean> {
    const known = await this.database.review.findUnique({ where: { statementId: statement.id } });
    return known !== null && sameBytes(canonicalBytes(known.body), canonicalBytes(statement));
  }

  /** Everything moderators have said: decisions on held signals, and reviews. A release upholds a signal, a rejection overturns it. */
  sayings(): Promise<Saying[]> {
    return this.database.$queryRaw<Saying[]>`
      SELECT hub, 'jti ' || jti AS subject, body ->> 'by' AS by,
             CASE body ->> 'type' WHEN 'release-signal' THEN 'upheld' ELSE 'overturned' END AS finding
      FROM signals.decisions
      UNION ALL
      SELECT hub, coalesce('jti ' || jti, 'uri ' || uri), by, finding FROM trust.reviews`;
  }

  /** Retention: reviews of what is gone, and those of a day before `day`. @returns how many went */
  removeBefore(day: number): Promise<number> {
    return this.database.$executeRaw`
      DELETE FROM trust.reviews r WHERE r.day < ${day}
         OR (r.jti IS NOT NULL AND NOT EXISTS (SELECT 1 FROM signals.sets s WHERE s.hub = r.hub AND s.jti = r.jti))
         OR (r.uri IS NOT NULL AND NOT EXISTS (SELECT 1 FROM signals.sets s WHERE s.hub = r.hub AND s.uri = r.uri))`;
  }
}
