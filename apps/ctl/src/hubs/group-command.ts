/** `ctl hub group`: which hubs count as one, and which perhaps should. */
import type { Command } from 'commander';
import { groupWarnings } from '#policy';
import type { Context } from '../command/context.js';
import { example } from '../command/context.js';
import { table } from '../command/table.js';
import { draftFile, livePolicy, readDraft } from '../policy/policy-draft.js';
import { tlsKeysOf } from './tls-keys.js';

export function addGroupCommand(hub: Command, { session: open, print }: Context): void {
  hub
    .command('group')
    .description('hubs by operator, as clip and trim count them; warns of hubs of different operators that look like one’s')
    .option('--file <path>', 'of this draft instead of the live policy')
    .option('--tls', 'also compare the TLS keys of their servers, by connecting to each')
    .addHelpText('after', example('hub group', 'hub group --tls --file policy-draft.json'))
    .action(async ({ file, tls }: { file?: string; tls?: true }, command: Command) => {
      const session = open(command);
      const { document } = file === undefined ? livePolicy(session.policyDir) : readDraft(draftFile(session, file));
      const operators = [...new Set(document.hubs.map(({ operator }) => operator))].sort();
      const rows = operators.map((operator) => {
        const own = document.hubs.filter((one) => one.operator === operator);
        return [operator, own.length, own.map(({ id, trust, status }) => `${id} (${trust} %, ${status})`).join('\n')];
      });
      print(table(['operator', 'hubs', ''], rows));
      const keys = tls ? await tlsKeysOf(document.hubs.map(({ id }) => id)) : new Map<string, string>();
      for (const { id } of tls ? document.hubs : []) if (!keys.has(id)) print(`? ${id}: no TLS key to see`);
      const warnings = groupWarnings(document, keys);
      print(warnings.length === 0 ? 'nothing says that two operators are one' : warnings.map((one) => `! ${one}`).join('\n'));
    });
}
