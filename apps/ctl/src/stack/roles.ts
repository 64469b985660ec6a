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
