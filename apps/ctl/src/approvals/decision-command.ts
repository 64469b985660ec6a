/** `ctl decision undo`: shows what undoing a decision would lift, then asks for it. */
import type { Command } from 'commander';
import type { Context } from '../command/context.js';
import { example } from '../command/context.js';
import { StackError } from '../stack/stack-error.js';
import { undoText } from './act-preview.js';
import { confirmed } from './confirmed.js';
import type { CaseOptions } from './make-request.js';
import { ask, caseOptions, deskOf } from './request-commands.js';

export function addDecisionCommands(program: Command, context: Context): void {
  const decision = program.command('decision').description('what an epoch decided');
  const undo = decision
    .command('undo')
    .description('see what undoing a decision would lift, then ask for it; others approve it')
    .requiredOption('--epoch <number>', 'whose decision')
    .option('--dry-run', 'only show it')
    .option('--yes', 'ask for it without asking you');
  caseOptions(undo)
    .addHelpText('after', example('decision undo --epoch 214 --case incident-8 --reason "a hub was broken into" --as lead-1'))
    .action(async (options: CaseOptions & { epoch: string; dryRun?: true; yes?: true }, command: Command) => {
      const preview = await deskOf(context, command, options.as).undoPreview(Number(options.epoch));
      context.print(undoText(preview));
      if (options.dryRun) return;
      if (!preview.decided) throw new StackError('there is nothing to undo', '`ctl epoch show` says how far an epoch is');
      if (!options.yes && !(await confirmed('ask for it? [y/N] '))) return context.print('not asked for');
      const kind = { type: 'undo-decision' as const, parameters: (given: string) => ({ epoch: Number(given) }) };
      await ask(context, command, { kind, given: options.epoch, options });
    });
}
