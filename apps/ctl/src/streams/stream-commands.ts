/**
 * `ctl stream …`: how notices get to hubs. Counts, failures and what became of SETs by their `jti`, from nyms' database by nyms' role;
 * no pseudonym is shown, and none can be asked for.
 */
import type { Command } from 'commander';
import type pg from 'pg';
import type { Context } from '../command/context.js';
import { example } from '../command/context.js';
import { onDatabase } from '../command/database.js';
import { table } from '../command/table.js';
import { StackError } from '../stack/stack-error.js';
import { logHead, logRow, streamHead, streamRow } from './stream-rows.js';
import type { LogLine, StreamLine } from './stream-rows.js';

export function addStreamCommands(program: Command, { session: open, print }: Context): void {
  const stream = program.command('stream').description('notices to hubs: what waits, what became of them');

  stream
    .command('list')
    .description('every stream: status, subjects, SETs that wait, dead letters, and how its endpoint does')
    .addHelpText('after', example('stream list'))
    .action(async (_flags: object, command: Command) => {
      const lines = await onDatabase(open(command), 'nyms', async (client) => (await client.query<StreamLine>(listing)).rows);
      print(lines.length === 0 ? 'no hub has a stream' : table(streamHead, lines.map(streamRow)));
    });

  stream
    .command('log <hub>')
    .description('what became of the SETs of a hub in the last 30 days, newest days first')
    .option('--last <number>', 'how many', Number, 50)
    .addHelpText('after', example('stream log https://hub-01.example'))
    .action(async (hub: string, { last }: { last: number }, command: Command) => {
      const lines = await onDatabase(open(command), 'nyms', async (client) => {
        const id = await streamOf(client, hub);
        return id === undefined ? undefined : (await client.query<LogLine>(log, [id, last])).rows;
      });
      if (!lines) throw noStream(hub);
      print(lines.length === 0 ? 'nothing was sent' : table(logHead, lines.map(logRow)));
    });

  stream
    .command('redrive <hub>')
    .description('send the dead letters of a hub again, now')
    .option('--jti <jti>', 'this one only')
    .addHelpText('after', example('stream redrive https://hub-01.example'))
    .action(async (hub: string, { jti }: { jti?: string }, command: Command) => {
      const count = await onDatabase(open(command), 'nyms', async (client) => {
        const id = await streamOf(client, hub);
        return id === undefined ? undefined : (await client.query<{ count: number }>(redrive, [id, jti ?? null])).rows[0]?.count;
      });
      if (count === undefined) throw noStream(hub);
      print(count === 1 ? '1 SET is sent again' : `${count} SETs are sent again`);
    });
}

async function streamOf(client: pg.Client, hub: string): Promise<string | undefined> {
  return (await client.query<{ id: string }>('SELECT id FROM streams.streams WHERE hub = $1', [hub])).rows[0]?.id;
}

const noStream = (hub: string): StackError => new StackError(`${hub} has no stream`, '`ctl stream list` shows those there are');

const listing = `
  SELECT t.hub, t.method, t.status, t.status_by AS by, t.subject_count AS subjects, t.failures, t.last_failure AS "lastFailure",
    t.next_attempt_at AS "nextAttemptAt", count(q.jti) FILTER (WHERE NOT q.dead)::int AS waiting, count(q.jti) FILTER (WHERE q.dead)::int AS dead
  FROM streams.streams t LEFT JOIN streams.queue q ON q.stream_id = t.id GROUP BY t.id ORDER BY t.hub`;

const log = 'SELECT day, jti, event, outcome, err FROM streams.log WHERE stream_id = $1 ORDER BY day DESC, id LIMIT $2';

/** The stream is tried at once, whatever its endpoint did before. */
const redrive = `
  WITH again AS (UPDATE streams.queue SET dead = false, attempts = 0, err = NULL
      WHERE stream_id = $1 AND dead AND ($2::text IS NULL OR jti = $2) RETURNING 1),
    tried AS (UPDATE streams.streams SET next_attempt_at = NULL WHERE id = $1)
  SELECT count(*)::int AS count FROM again`;
