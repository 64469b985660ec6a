/**
 * `ctl`: the operator's and the moderator's command line, and the launcher behind `npm start`. It holds the keys of whoever runs it;
 * everything it does goes through the same routes and signed files that are open to others.
 */
import { CommanderError } from 'commander';
import { ConfigError } from '#platform';
import { PolicyRefused } from '#policy';
import { scenario } from './scenario/index.js';
import { Session } from './command/session.js';
import { config } from './config.js';
import { ctlProgram } from './program.js';
import { StackError } from './stack/stack-error.js';

const usage = 2;
let exitCode = 0;

const program = ctlProgram(
  {
    session: (command) => new Session(config.read(process.env), command.optsWithGlobals<{ data?: string }>().data),
    print: (text) => void process.stdout.write(`${text}\n`),
    now: () => new Date(),
    exitWith: (code) => (exitCode = code),
  },
  scenario,
);

try {
  await program.parseAsync();
} catch (error) {
  exitCode = failure(error);
}
process.exitCode = exitCode;

function failure(error: unknown): number {
  // commander has printed its own words by now
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : usage;
  const mendable = error instanceof StackError || error instanceof ConfigError || error instanceof PolicyRefused;
  process.stderr.write(`nymtally: ${mendable ? error.message : error instanceof Error ? error.stack : String(error)}\n`);
  return 1;
}
