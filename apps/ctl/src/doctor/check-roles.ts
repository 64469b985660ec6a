/** Asks the databases the questions of role-probes.ts, each as the role in question. Nothing is read or changed. */
import pg from 'pg';
import { databases } from '../stack/migrate.js';
import type { DatabaseName } from '../stack/migrate.js';
import { closedTo, roleProbes, verdict } from './role-probes.js';

export interface RoleUrls {
  /** As this role, to its own database; undefined when it is not known here. */
  urlFor(role: string): string | undefined;
}

/** @returns sentences about what is not as it must be, and how many questions were asked. */
export async function checkRoles({ urlFor }: RoleUrls): Promise<{ readonly faults: readonly string[]; readonly asked: number }> {
  const faults: string[] = [];
  let asked = 0;
  for (const role of Object.keys(closedTo)) {
    const url = urlFor(role);
    if (url === undefined) continue;
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    try {
      for (const probe of roleProbes.filter((each) => each.role === role)) {
        const fault = verdict(probe, await isAllowed(client, probe.statement));
        if (fault) faults.push(fault);
        asked += 1;
      }
    } finally {
      await client.end();
    }
    for (const database of databases.filter((name) => closedTo[role]?.includes(name))) {
      const other = urlOfDatabase(urlFor, database);
      if (other === undefined) continue;
      if (await canConnect(url, other)) faults.push(`role ${role} can connect to the database of ${database}`);
      asked += 1;
    }
  }
  return { faults, asked };
}

/** Where a database is: the address of the role that is named like it. */
const urlOfDatabase = (urlFor: RoleUrls['urlFor'], database: DatabaseName): string | undefined => urlFor(database);

async function isAllowed(client: pg.Client, statement: string): Promise<boolean> {
  try {
    await client.query(`EXPLAIN ${statement}`);
    return true;
  } catch (error) {
    if ((error as { code?: string }).code === '42501') return false; // insufficient_privilege
    throw error;
  }
}

/** With its own name and password, at the other's address. */
async function canConnect(own: string, other: string): Promise<boolean> {
  const url = new URL(other);
  const { username, password } = new URL(own);
  Object.assign(url, { username, password });
  const client = new pg.Client({ connectionString: url.href, connectionTimeoutMillis: 5_000 });
  try {
    await client.connect();
    await client.end();
    return true;
  } catch {
    return false;
  }
}
