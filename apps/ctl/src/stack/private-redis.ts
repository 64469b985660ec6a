/** A private Redis without persistence, where the machine has a server for it; tests use it beside BullMQ's PostgreSQL backend. */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import os from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from './free-port.js';
import { StackError } from './stack-error.js';

export interface PrivateRedis {
  readonly url: string;
  stop(): Promise<void>;
}

/** Undefined when neither redis-server nor valkey-server is on PATH. */
export async function startRedis(): Promise<PrivateRedis | undefined> {
  const program = ['redis-server', 'valkey-server'].find(
    (name) => spawnSync(name, ['--version'], { stdio: 'ignore' }).status === 0,
  );
  if (program === undefined) return undefined;
  const port = await freePort();
  const settings = { port, bind: '127.0.0.1', save: '', appendonly: 'no', 'maxmemory-policy': 'noeviction', dir: os.tmpdir() };
  const child = spawn(
    program,
    Object.entries(settings).flatMap(([key, value]) => [`--${key}`, String(value)]),
    { stdio: 'ignore', detached: true },
  );
  const exited = once(child, 'exit');
  const stop = async () => {
    child.kill('SIGTERM');
    await exited;
  };
  process.once('exit', () => child.kill('SIGKILL'));
  for (const end = performance.now() + 10_000; performance.now() < end; await sleep(20)) {
    if (child.exitCode !== null) break;
    if (await listens(port)) return { url: `redis://127.0.0.1:${port}`, stop };
  }
  child.kill('SIGKILL');
  throw new StackError(`${program} did not start`, 'run it by hand to see why, or set REDIS_URL');
}

function listens(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}
