/** A one-shot mode of the key holder as a process of its own: a request goes in on standard input, its answer comes out. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { childEnvironment } from '../config.js';
import { reasonIn } from './reason.js';

/** @param env whole variable names. @returns what it printed. @throws Error with the one line it ended with */
export async function runKeyholder(
  command: readonly string[],
  env: Readonly<Record<string, string>>,
  request: unknown,
): Promise<string> {
  const child = spawn(process.execPath, [...command], {
    env: { ...childEnvironment(), ...env },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  child.stdin.on('error', () => undefined); // it ended before it had read all: its own words say why
  child.stdin.end(JSON.stringify(request));
  const [printed, said, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'exit')]);
  if (code !== 0) throw new Error(reasonIn(said || printed));
  return printed;
}
