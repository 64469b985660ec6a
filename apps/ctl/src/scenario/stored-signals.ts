/** What nyms has stored, counted in its own database with its own role: signals about these pseudonyms by what became of them. */
import pg from 'pg';
import type { Stack } from '../stack/stack.js';

export interface StoredSignals {
  /** distinct (hub, jti) of a weighing type about a known pseudonym, neither retracted nor held */
  readonly accepted: number;
  readonly ignored: number;
  readonly retracted: number;
  readonly held: number;
}

export async function storedSignals(stack: Stack, uris: readonly string[]): Promise<StoredSignals> {
  const client = new pg.Client({ connectionString: stack.databases.urlFor('nyms') });
  await client.connect();
  try {
    const { rows } = await client.query<StoredSignals>(
      `SELECT (count(*) FILTER (WHERE state = 'counted' AND p.uri IS NOT NULL))::int AS accepted,
              (count(*) FILTER (WHERE state = 'ignored' OR (state = 'counted' AND p.uri IS NULL)))::int AS ignored,
              (count(*) FILTER (WHERE state = 'retracted'))::int AS retracted,
              (count(*) FILTER (WHERE state = 'held'))::int AS held
       FROM signals.sets LEFT JOIN pseudonyms.pseudonyms p USING (uri) WHERE uri = ANY($1)`,
      [uris],
    );
    return rows[0]!;
  } finally {
    await client.end();
  }
}
