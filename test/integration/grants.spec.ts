/** Who may do what in the databases (architecture.md, "Processes"), asked of freshly migrated ones by each role. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { checkRoles } from '../../apps/ctl/src/doctor/check-roles.js';
import { closedTo, roleProbes } from '../../apps/ctl/src/doctor/role-probes.js';
import { databases } from '../../apps/ctl/src/stack/migrate.js';
import type { DatabaseName } from '../../apps/ctl/src/stack/migrate.js';
import { rolesOf } from '../../apps/ctl/src/stack/roles.js';
import { createDatabase } from '../servers/database.js';
import type { TestDatabase } from '../servers/database.js';

describe('database roles', () => {
  const created = new Map<DatabaseName, TestDatabase>();
  const urlFor = (role: string) => created.get(databases.find((name) => rolesOf[name].includes(role))!)!.urlFor(role);
  const superuser = async <T extends pg.QueryResultRow>(
    name: DatabaseName,
    sql: string,
    values: unknown[] = [],
  ): Promise<T[]> => {
    const client = new pg.Client({ connectionString: created.get(name)!.superUrl });
    await client.connect();
    try {
      return (await client.query<T>(sql, values)).rows;
    } finally {
      await client.end();
    }
  };

  beforeAll(async () => {
    for (const name of databases) created.set(name, await createDatabase(name));
  });
  afterAll(async () => {
    for (const database of created.values()) await database.drop();
  });

  it('may do what their app needs and are refused everything that the table refuses', async () => {
    const { faults, asked } = await checkRoles({ urlFor });
    expect(faults).toEqual([]);
    expect(asked).toBe(roleProbes.length + Object.values(closedTo).flat().length);
  });

  it('finds a right that a migration gives away', async () => {
    await superuser('nyms', 'GRANT SELECT ON pseudonyms.pseudonyms TO witness');
    expect((await checkRoles({ urlFor })).faults).toEqual(['role witness may run "SELECT 1 FROM pseudonyms.pseudonyms"']);
    await superuser('nyms', 'REVOKE SELECT ON pseudonyms.pseudonyms FROM witness');
  });

  it.each(databases)('leave no table of %s unasked, and own none', async (name) => {
    const tables = await superuser<{ table: string; owner: string }>(
      name,
      `SELECT schemaname || '.' || tablename AS table, tableowner AS owner FROM pg_tables
       WHERE schemaname NOT IN ('pg_catalog', 'information_schema', 'public')`,
    );
    const asked = roleProbes.filter(({ database }) => database === name).map(({ statement }) => statement);
    expect(tables.length).toBeGreaterThan(0);
    expect(tables.filter(({ owner }) => rolesOf[name].includes(owner))).toEqual([]);
    // a role that may read nothing of a schema may not even use it, so one question per schema is the least
    const schemas = new Set(tables.map(({ table }) => table.split('.')[0]!));
    expect([...schemas].filter((schema) => !asked.some((statement) => statement.includes(`${schema}.`)))).toEqual([]);
  });

  it.each(['polling', 'status_lists', 'streams', 'trust'])('show nothing of %s to anybody but nyms', async (schema) => {
    const rows = await superuser<{ role: string; table: string; mayAny: boolean }>(
      'nyms',
      `SELECT role, tablename AS table, has_table_privilege(role, format('%I.%I', schemaname, tablename),
         'SELECT, INSERT, UPDATE, DELETE, TRUNCATE, REFERENCES, TRIGGER') AS "mayAny"
       FROM pg_tables, unnest($1::text[]) AS role WHERE schemaname = $2`,
      [rolesOf.nyms, schema],
    );
    expect(rows.length).toBeGreaterThan(rolesOf.nyms.length - 1);
    expect(new Set(rows.filter(({ mayAny }) => mayAny).map(({ role }) => role))).toEqual(new Set(['nyms']));
  });

  it('are no superusers, make no roles and no databases', async () => {
    const roles = Object.values(rolesOf).flat();
    const rows = await superuser<{ rolname: string }>(
      'nyms',
      'SELECT rolname FROM pg_roles WHERE rolname = ANY($1) AND (rolsuper OR rolcreaterole OR rolcreatedb OR rolbypassrls OR rolreplication)',
      [roles],
    );
    expect(rows).toEqual([]);
  });

  it.each(databases)('make nothing new in the schemas of %s', async (name) => {
    const rows = await superuser<{ role: string; schema: string }>(
      name,
      `SELECT role, nspname AS schema FROM pg_namespace, unnest($1::text[]) AS role
       WHERE nspname !~ '^pg_' AND has_schema_privilege(role, nspname, 'CREATE')`,
      [rolesOf[name]],
    );
    expect(rows).toEqual(name === 'nyms' ? [{ role: 'queue', schema: 'bullmq' }] : []); // BullMQ makes its own tables
  });

  it('refuse a wrong password', async () => {
    const url = new URL(urlFor('nyms'));
    url.password = 'wrong';
    await expect(new pg.Client({ connectionString: url.href }).connect()).rejects.toThrow(/password authentication failed/);
  });
});
