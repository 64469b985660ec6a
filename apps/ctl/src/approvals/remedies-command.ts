/** `ctl case remedies`: what can be done about an account, and what each does to one that nobody has, by the rules that are live. */
import type { Command } from 'commander';
import { remedies, SimulatedAccount } from '#cases';
import type { Remedy } from '#cases';
import { dayOf } from '#contracts';
import type { Context } from '../command/context.js';
import { example } from '../command/context.js';

/** Rows of one remedy: the words people decide by, and what the rules make of a made-up account. */
export async function remedyRows(remedy: Remedy, today: number): Promise<string[]> {
  const account = new SimulatedAccount(today);
  if (remedy.name === 'reinstate') {
    await account.act({ act: 'suspend', by: 'one', days: 7 });
    account.force();
  }
  for (const act of remedy.acts) {
    await account.act(act);
    account.force();
  }
  const { namedPseudonym, sibling, mayMint } = account;
  return [
    remedy.name,
    `  takes     ${remedy.takes}`,
    `  named     ${remedy.named}`,
    `  siblings  ${remedy.siblings}`,
    `  account   ${remedy.account}`,
    `  undo      ${remedy.undo}`,
    `  in force  named: ${namedPseudonym}; siblings: ${sibling}; new pseudonyms: ${mayMint ? 'yes' : 'no'}`,
  ];
}

export function addRemediesCommand(cases: Command, { print, now }: Context): void {
  cases
    .command('remedies')
    .description('what can be done about the account behind a pseudonym, whose word it takes, and what can be undone')
    .addHelpText('after', example('case remedies'))
    .action(async () => {
      const texts = await Promise.all(remedies.map((remedy) => remedyRows(remedy, dayOf(now()))));
      print(texts.map((rows) => rows.join('\n')).join('\n\n'));
    });
}
