/** Every row of every table of a service's databases, catalogues left out. */
import pg from 'pg';
import type { DatabaseName } from '../../../apps/ctl/src/stack/migrate.js';
import type { Stack } from '../../../apps/ctl/src/stack/stack.js';
import { partsOf } from './item.js';
import type { Item, Side } from './item.js';

const sideOf: Readonly<Record<DatabaseName, Side>> = { registrar: 'account', nyms: 'pseudonym', keyholder: 'keyholder' };

export async function tableItems({ databases }: Stack): Promise<Item[]> {
  const names = Object.keys(sideOf) as DatabaseName[];
  return (await Promise.all(names.map((name) => rowsOf(databases.superUrls[name], sideOf[name])))).flat();
}

/** @param schema one of them only */
export async function rowsOf(superUrl: string, side: Side, schema?: string): Promise<Item[]> {
  const items: Item[] = [];
  const client = new pg.Client({ connectionString: superUrl });
  await client.connect();
  try {
    const { rows: tables } = await client.query<{ table: string }>(
      `SELECT format('%I.%I', schemaname, tablename) AS table FROM pg_tables
        WHERE schemaname NOT IN ('pg_catalog', 'information_schema') AND schemaname = coalesce($1, schemaname) ORDER BY 1`,
      [schema],
    );
    for (const { table } of tables) {
      const { rows } = await client.query<Record<string, unknown>>(`SELECT * FROM ${table}`);
      items.push(...rows.map((row) => ({ side, where: table, parts: Object.values(row).flatMap(partsOf) })));
    }
  } finally {
    await client.end();
  }
  return items;
}
