// Child processes and how a task ends: the child's exit code is ours, a fault of the set-up is one line.
import { spawn } from 'node:child_process';
import os from 'node:os';
import path from 'node:path';
import { root } from './root.mjs';

/** What went wrong and how to mend it; printed without a stack. */
export class SetupError extends Error {}

export function fail(error) {
  process.stderr.write(`${error instanceof SetupError ? `nymtally: ${error.message}` : error.stack}\n`);
  process.exit(1);
}

export const note = (text) => process.stderr.write(`· ${text}\n`);

/** Runs in the foreground. Ctrl-C reaches the child by itself from a terminal; other signals are passed on. */
export function runOn(node, args, env = {}) {
  const child = spawn(node, args, { cwd: root, stdio: 'inherit', env: environment(node, env) });
  const passOn = (signal) => child.kill(signal);
  const handlers = { SIGINT: (signal) => process.stdin.isTTY || passOn(signal), SIGTERM: passOn, SIGHUP: passOn };
  for (const [signal, handler] of Object.entries(handlers)) process.on(signal, handler);
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code, signal) => {
      for (const [name, handler] of Object.entries(handlers)) process.off(name, handler);
      resolve(code ?? 128 + (os.constants.signals[signal] ?? 0));
    });
  });
}

/** Runs silently; resolves to its code and everything it said. */
export function collect(command, args, env = {}) {
  const child = spawn(command, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'], env: environment(command, env) });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk));
  return new Promise((resolve) => {
    child.once('error', (error) => resolve({ code: 1, output: error.message }));
    child.once('close', (code) => resolve({ code: code ?? 1, output }));
  });
}

/** The chosen Node comes first on PATH, for tools that start `node` by name. */
const environment = (node, env) => ({
  ...process.env,
  CHECKPOINT_DISABLE: '1',
  PRISMA_HIDE_UPDATE_MESSAGE: '1',
  NODE_COMPILE_CACHE: path.join(root, 'dist', '.compiled'),
  PATH: [...(path.isAbsolute(node) ? [path.dirname(node)] : []), process.env.PATH].join(path.delimiter),
  ...env,
});
