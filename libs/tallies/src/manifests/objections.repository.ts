/** Objection lists in PostgreSQL: a witness appends its own, everybody reads them. A list is never changed. */
import type { Pool, PoolClient } from 'pg';
import { isSignedBy, type Attesters } from '../trees/attesters.js';
import { objectionList, Objections, objectionsMessage, type ObjectionEntry, type ObjectionLists } from './objections.js';

export class ObjectionsRepository {
  constructor(
    private readonly pool: Pool,
    private readonly witnesses: Attesters,
  ) {}

  /** The lists of a window and of some `earlier` epochs, as far as a pinned witness has signed them; others are as if they were not there. */
  async lists(from: number, to: number, earlier: readonly number[] = []): Promise<ObjectionLists[]> {
    const { rows } = await this.pool.query<{ epoch: number; witness: string; list: unknown; signature: Uint8Array }>(
      'SELECT epoch, witness, list, signature FROM tallies.objections WHERE epoch BETWEEN $1 AND $2 OR epoch = ANY($3)',
      [from, to, earlier],
    );
    return rows.flatMap(({ epoch, witness, list: stored, signature }) => {
      const list = objectionList.safeParse(stored).data;
      return list && isSignedBy(this.witnesses, witness, objectionsMessage(epoch, list), signature)
        ? [{ epoch, witness, list }]
        : [];
    });
  }

  async between(from: number, to: number, earlier: readonly number[] = []): Promise<Objections> {
    return new Objections(await this.lists(from, to, earlier));
  }

  /** The newest epoch for which every pinned witness has given its list; undefined while there is none. */
  async newestInspected(): Promise<number | undefined> {
    const { rows } = await this.pool.query<{ epoch: number }>(
      `SELECT epoch FROM tallies.objections WHERE witness = ANY($1) GROUP BY epoch HAVING count(*) = $2 ORDER BY epoch DESC LIMIT 8`,
      [[...this.witnesses.keys()], this.witnesses.size],
    );
    for (const { epoch } of rows) if (await this.isInspected(epoch)) return epoch;
    return undefined;
  }

  /** Has every pinned witness signed a list for this epoch? */
  async isInspected(epoch: number): Promise<boolean> {
    return (await this.lists(epoch, epoch)).length === this.witnesses.size;
  }

  /** @returns false when the witness had a list for this epoch already. */
  async save(client: PoolClient, { epoch, witness, list }: ObjectionLists, signature: Uint8Array): Promise<boolean> {
    const { rowCount } = await client.query(
      'INSERT INTO tallies.objections (epoch, witness, list, signature) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING',
      [epoch, witness, JSON.stringify(list satisfies readonly ObjectionEntry[]), signature],
    );
    return rowCount === 1;
  }
}
