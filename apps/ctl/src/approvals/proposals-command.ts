/** `ctl case proposals`: accounts that the registrar found related to some that a batch marked, for people to ask for. No handle is shown. */
import type { Command } from 'commander';
import type { z } from 'zod';
import type { proposalList } from '#contracts';
import type { Context } from '../command/context.js';
import { example } from '../command/context.js';
import { table } from '../command/table.js';
import { countText } from './act-preview.js';
import { deskOf } from './request-commands.js';

type Proposed = z.output<typeof proposalList>['proposals'][number];

export const proposalRow = ({ proposal, batch, remedy, ...count }: Proposed): string[] => [
  proposal,
  String(batch),
  remedy,
  countText(count),
];

export function addProposalsCommand(cases: Command, context: Context): void {
  cases
    .command('proposals')
    .description('what was found related, batch by batch; `ctl request accounts` asks for it')
    .option('--as <id>', 'who asks, of the registry of people (default: CTL_PERSON_ID)')
    .addHelpText('after', example('case proposals --as lead-1'))
    .action(async ({ as }: { as?: string }, command: Command) => {
      const { proposals } = await deskOf(context, command, as).proposals();
      const rows = proposals.map(proposalRow);
      context.print(rows.length === 0 ? 'nothing was found' : table(['proposal', 'batch', 'remedy', 'accounts'], rows));
    });
}
