#!/usr/bin/env node
// node scripts/task.mjs <task> [options]: the one door of every npm script. Runs on a bare clone with any Node >= 20 and npm: sets
// up what is missing (dependencies, a fitting Node, Prisma clients, dist/) and hands over to that Node. Built-ins only.
import { prepare } from './prepare.mjs';
import { hasOwnHelp, helpOf, tasks } from './tasks.mjs';
import { fail, runOn } from './run.mjs';

const [name = 'help', ...options] = process.argv.slice(2);
const task = tasks[name];
if (!task) {
  process.stderr.write(`${name === 'help' || name === '--help' ? '' : `There is no task "${name}".\n\n`}${helpOf()}\n`);
  process.exit(name === 'help' || name === '--help' ? 0 : 2);
}
if (options.includes('--help') && !hasOwnHelp(name)) {
  process.stdout.write(`${helpOf(name)}\n`);
  process.exit(0);
}
try {
  const node = await prepare();
  for (const { args, env } of task.steps(options)) {
    const code = await runOn(node, args, env);
    if (code !== 0) process.exit(code);
  }
} catch (error) {
  fail(error);
}
