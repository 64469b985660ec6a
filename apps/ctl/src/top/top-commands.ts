/** `ctl top`: what became of each hub's signals. Counts from nyms' and the registrar's databases, each asked by its own role. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Command } from 'commander';
import pg from 'pg';
import type { Context } from '../command/context.js';
import { example } from '../command/context.js';
import type { Session } from '../command/session.js';
import { table } from '../command/table.js';
import { StackError } from '../stack/stack-error.js';
import { topHead, topRows } from './top-rows.js';
import type { RevokedCount, SignalCount } from './top-rows.js';

export function addTopCommand(program: Command, { session: open, print }: Context): void {
  program
    .command('top')
    .description('signals accepted, held and rejected, and pseudonyms suspended, per hub and epoch')
    .option('--epochs <number>', 'the newest ones', Number, 3)
    .option('--every <seconds>', 'again and again, until Ctrl-C', Number)
    .addHelpText('after', example('top', 'top --epochs 10 --every 2'))
    .action(async ({ epochs, every }: { epochs: number; every?: number }, command: Command) => {
      const session = open(command);
      for (;;) {
        print(await top(session, epochs));
        if (every === undefined) return;
        await sleep(every * 1_000);
      }
    });
}

const entriesOfNewest = `
  WITH newest AS (SELECT epoch FROM tallies.manifests ORDER BY epoch DESC LIMIT $1),
  arrived AS (
    SELECT s.hub, s.uri, s.state, (SELECT min(e.epoch) FROM tallies.manifest_entries e WHERE e.hub = s.hub AND e.jti = s.jti) AS epoch
    FROM signals.sets s)`;

async function top(session: Session, epochs: number): Promise<string> {
  const { signals, revoked } = await onDatabase(session, 'nyms', async (client) => ({
    signals: (
      await client.query<SignalCount>(
        `${entriesOfNewest} SELECT hub, epoch, state::text AS state, count(*)::int AS count FROM arrived
         WHERE epoch IS NULL OR epoch IN (SELECT epoch FROM newest) GROUP BY hub, epoch, state`,
        [epochs],
      )
    ).rows,
    revoked: (
      await client.query<RevokedCount>(
        `${entriesOfNewest} SELECT hub, epoch, count(DISTINCT uri)::int AS count FROM arrived JOIN pseudonyms.pseudonyms USING (uri)
         WHERE revoked AND (epoch IS NULL OR epoch IN (SELECT epoch FROM newest)) GROUP BY hub, epoch`,
        [epochs],
      )
    ).rows,
  }));
  const accounts = await onDatabase(session, 'registrar', async (client) => {
    const { rows } = await client.query<{ all: number; suspended: number }>(
      'SELECT count(*)::int AS all, (count(*) FILTER (WHERE suspended))::int AS suspended FROM registrar.accounts',
    );
    return rows[0];
  });
  const clean = <T extends { epoch: number | null | undefined }>(rows: T[]) =>
    rows.map((row) => ({ ...row, epoch: row.epoch ?? undefined }));
  const rows = topRows(clean(signals), clean(revoked));
  const footer = `${accounts?.suspended ?? 0} of ${accounts?.all ?? 0} accounts are suspended`;
  return `${rows.length === 0 ? 'no signal has arrived' : table(topHead, rows)}\n${footer}`;
}

async function onDatabase<T>(session: Session, app: 'nyms' | 'registrar', work: (client: pg.Client) => Promise<T>): Promise<T> {
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
