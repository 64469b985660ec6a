/** `ctl top`: what became of each hub's signals. Counts from nyms' and the registrar's databases, each asked by its own role. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Command } from 'commander';
import { dayOf } from '#contracts';
import type { Context } from '../command/context.js';
import { example } from '../command/context.js';
import { onDatabase } from '../command/database.js';
import type { Session } from '../command/session.js';
import { table } from '../command/table.js';
import { livePolicy } from '../policy/policy-draft.js';
import { arrivalsOfNewest } from './arrivals.js';
import { topNotes } from './top-notes.js';
import type { ArrivalCount } from './top-notes.js';
import { topHead, topRows } from './top-rows.js';
import type { RevokedCount, SignalCount } from './top-rows.js';

export function addTopCommand(program: Command, { session: open, print, now }: Context): void {
  program
    .command('top')
    .description('signals accepted, held and rejected, and pseudonyms suspended, per hub and epoch')
    .option('--epochs <number>', 'the newest ones', Number, 3)
    .option('--every <seconds>', 'again and again, until Ctrl-C', Number)
    .addHelpText('after', example('top', 'top --epochs 10 --every 2'))
    .action(async ({ epochs, every }: { epochs: number; every?: number }, command: Command) => {
      const session = open(command);
      for (;;) {
        print(await top(session, epochs, dayOf(now())));
        if (every === undefined) return;
        await sleep(every * 1_000);
      }
    });
}

async function top(session: Session, epochs: number, today: number): Promise<string> {
  const { document } = livePolicy(session.policyDir);
  const { signals, revoked, arrivals } = await onDatabase(session, 'nyms', async (client) => ({
    signals: (
      await client.query<SignalCount>(
        `${arrivalsOfNewest} SELECT hub, epoch, state::text AS state, count(*)::int AS count FROM arrived
         WHERE epoch IS NULL OR epoch IN (SELECT epoch FROM newest) GROUP BY hub, epoch, state`,
        [epochs],
      )
    ).rows,
    revoked: (
      await client.query<RevokedCount>(
        `${arrivalsOfNewest} SELECT hub, epoch, count(DISTINCT uri)::int AS count FROM arrived JOIN pseudonyms.pseudonyms USING (uri)
         WHERE revoked AND (epoch IS NULL OR epoch IN (SELECT epoch FROM newest)) GROUP BY hub, epoch`,
        [epochs],
      )
    ).rows,
    arrivals: (
      await client.query<ArrivalCount>(
        `SELECT hub, epoch, count(*)::int AS count FROM tallies.manifest_entries
         WHERE decision_hash IS NULL AND epoch IN (SELECT epoch FROM tallies.manifests ORDER BY epoch DESC LIMIT $1)
         GROUP BY hub, epoch`,
        [epochs + document.windowEpochs],
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
  const rows = topRows(clean(signals), clean(revoked), topNotes(document, arrivals, today));
  const footer = `${accounts?.suspended ?? 0} of ${accounts?.all ?? 0} accounts are suspended`;
  return `${rows.length === 0 ? 'no signal has arrived' : table(topHead, rows)}\n${footer}`;
}
