/** `ctl selftest`: do the bounds of the policy fit the parameter set, and does the key holder's own key carry the fullest tally? */
import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import type { Command } from 'commander';
import type { Context } from '../command/context.js';
import { example } from '../command/context.js';
import { table } from '../command/table.js';
import { childEnvironment } from '../config.js';
import { livePolicy } from '../policy/policy-draft.js';
import { reasonIn } from '../stack/reason.js';
import { root } from '../stack/root.js';
import { capacityReport } from './capacity-rows.js';

export function addSelftestCommand(program: Command, { session: open, print, exitWith }: Context): void {
  program
    .command('selftest')
    .description('capacity and noise margin of the encryption under the live policy; exit code 1 below the floor')
    .addHelpText('after', example('selftest'))
    .action(async (_options: object, command: Command) => {
      const session = open(command);
      const { document } = livePolicy(session.policyDir);
      const capacity = capacityReport(document);
      print(table(['', 'is', 'must be'], capacity.rows));
      if (!capacity.fits) print('✗ the bounds of the policy do not fit the parameter set');
      const env = session.run()?.env['keyholder'];
      const fault = env && (await keyholderFault(env));
      if (fault) print(`✗ key holder: ${fault}`);
      else if (env) print('✓ key holder: selectors of its own key, folded as full as the policy allows, open to the right sums');
      else print('! no key holder runs here: it tests its own key at every start');
      if (!capacity.fits || fault) exitWith(1);
    });
}

/** Its own process opens the key, with the configuration it runs with: the key goes nowhere. */
async function keyholderFault(env: Readonly<Record<string, string>>): Promise<string | undefined> {
  const main = path.join(root, 'dist', 'apps', 'keyholder', 'src', 'main.js');
  try {
    await promisify(execFile)(process.execPath, [main, 'selftest'], { env: { ...childEnvironment(), ...env } });
    return undefined;
  } catch (error) {
    const { stdout, stderr, message } = error as Error & { stdout?: string; stderr?: string };
    return reasonIn(stderr || stdout || message);
  }
}
