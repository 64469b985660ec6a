/** Counts straight from a database of the service, asked by the role of the process that owns it. */
import pg from 'pg';
import { StackError } from '../stack/stack-error.js';
import type { Session } from './session.js';

/** @throws StackError when the database is not known or does not answer. */
export async function onDatabase<T>(
  session: Session,
  app: 'nyms' | 'registrar',
  work: (client: pg.Client) => Promise<T>,
): Promise<T> {
  const name = `${app.toUpperCase()}_DATABASE_URL`;
  const connectionString = session.config.settings[`${app}DatabaseUrl`] ?? session.run()?.env[app]?.[name];
  if (!connectionString)
    throw new StackError(`the database of ${app} is not known`, `run \`npm start\` first, or set CTL_${name}`);
  const client = new pg.Client({ connectionString });
  try {
    await client.connect();
    return await work(client);
  } catch (error) {
    throw new StackError(
      `the database of ${app} did not answer (${(error as Error).message})`,
      '`ctl doctor` shows what is down',
    );
  } finally {
    await client.end().catch(() => undefined);
  }
}
