/** Tallied signals about one pseudonym that has been revoked. Reads only. */
import { Injectable } from '@nestjs/common';
import { PrismaClient } from '#db/nyms';

/** Rows have random ids, so these are as good as any. */
const MOST_SIGNALS = 5_000;

@Injectable()
export class ReasonsRepository {
  constructor(private readonly database: PrismaClient) {}

  /** Tokens as the hubs signed them. @returns undefined for a pseudonym that is not revoked, or that nobody has */
  async talliedAbout(uri: string): Promise<readonly string[] | undefined> {
    const pseudonym = await this.database.pseudonym.findUnique({ where: { uri }, select: { revoked: true } });
    // the same work for both, so that the time an answer takes tells less
    const rows = await this.database.$queryRaw<{ token: string }[]>`
      SELECT token FROM signals.sets s WHERE uri = ${uri} AND state = 'counted'
        AND EXISTS (SELECT 1 FROM tallies.manifest_entries e WHERE e.hub = s.hub AND e.jti = s.jti)
      ORDER BY id LIMIT ${MOST_SIGNALS}`;
    return pseudonym?.revoked ? rows.map(({ token }) => token) : undefined;
  }
}
