/** `ctl` as an operator of a nyms world calls it: its commands that read and mend the database. @returns what it printed */
import { Session } from '../../apps/ctl/src/command/session.js';
import { config } from '../../apps/ctl/src/config.js';
import { ctlProgram } from '../../apps/ctl/src/program.js';
import type { NymsWorld } from './nyms-world.js';

export const ctlOn =
  (world: () => NymsWorld) =>
  async (...args: string[]): Promise<string> => {
    const lines: string[] = [];
    const session = () => new Session(config.read({ CTL_NYMS_DATABASE_URL: world().database.urlFor('nyms') }));
    const context = { session, print: (line: string) => void lines.push(line), now: () => new Date(), exitWith: () => undefined };
    await ctlProgram(context, undefined).parseAsync(args, { from: 'user' });
    return lines.join('\n');
  };
