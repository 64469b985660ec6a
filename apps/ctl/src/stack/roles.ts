/** Database roles: one per app that connects, and what each cluster has of them (architecture.md, "Processes"). */
import type pg from 'pg';
import type { DatabaseName } from './migrate.js';

export const rolesOf: Readonly<Record<DatabaseName, readonly string[]>> = {
  registrar: ['registrar'],
  nyms: ['nyms', 'correlator', 'witness', 'queue'],
  keyholder: ['keyholder'],
};

/** Makes the roles of a cluster where they are missing and gives each its password. `client` is a superuser's. */
export async function ensureRoles(client: pg.Client, passwords: Readonly<Record<string, string>>): Promise<void> {
  for (const [role, password] of Object.entries(passwords)) {
    const name = client.escapeIdentifier(role);
    const exists = await client.query('SELECT 1 FROM pg_roles WHERE rolname = $1', [role]);
    await client.query(
      `${exists.rowCount === 0 ? 'CREATE' : 'ALTER'} ROLE ${name} LOGIN PASSWORD ${client.escapeLiteral(password)}`,
    );
  }
}

/** Only the database's own roles may even connect to it. `client` is a superuser's, of any database of the server. */
export async function restrictConnections(client: pg.Client, database: string, roles: readonly string[]): Promise<void> {
  const name = client.escapeIdentifier(database);
  await client.query(`REVOKE ALL ON DATABASE ${name} FROM PUBLIC`);
  for (const role of roles) await client.query(`GRANT CONNECT ON DATABASE ${name} TO ${client.escapeIdentifier(role)}`);
}
