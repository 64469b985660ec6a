// A launcher whose child replaces itself (execve) as a sealed key holder does, says its number, and waits. Run without arguments.
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

if (process.argv[2] !== 'child') {
  const followParent = new URL('../../dist/apps/ctl/src/stack/follow-parent.js', import.meta.url).href;
  const stdio = ['ignore', 'inherit', 'inherit', 'ipc'];
  spawn(process.execPath, ['--import', followParent, fileURLToPath(import.meta.url), 'child'], { stdio, detached: true });
} else if (process.channel) {
  process.execve(process.execPath, [process.execPath, ...process.execArgv, ...process.argv.slice(1)], process.env);
} else {
  process.stdout.write(`${process.pid}\n`);
  setInterval(() => undefined, 1_000);
}
