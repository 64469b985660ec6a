/** `npm start` as a process: kept data, its hubs, a second launcher, kill −9 of the launcher, Ctrl-C, folders it cannot use. */
import { spawn, spawnSync } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { right } from '../../../apps/ctl/src/scenario/report.fixture.js';
import { writeRecord } from '../../../apps/ctl/src/scenario/scenario-record.js';
import { childEnvironment } from '../../../apps/ctl/src/config.js';
import { commandOf } from '../../../apps/ctl/src/stack/left-behind.js';
import { root } from '../../../apps/ctl/src/stack/root.js';
import { isRunning, readRun } from '../../../apps/ctl/src/stack/run-record.js';
import { until } from '../until.js';

jest.setTimeout(180_000);

const main = path.join(root, 'dist', 'apps', 'ctl', 'src', 'main.js');
const running: ChildProcess[] = [];

describe('the launcher', () => {
  let parent: string;
  let dataDir: string;
  beforeEach(() => {
    parent = mkdtempSync(path.join(os.tmpdir(), 'nymtally-launcher-'));
    dataDir = path.join(parent, 'data');
  });
  afterEach(async () => {
    for (const child of running.splice(0)) {
      if (child.exitCode !== null || child.signalCode !== null) continue;
      child.kill('SIGTERM');
      await once(child, 'exit');
    }
    rmSync(parent, { recursive: true, force: true });
  });

  it('keeps keys, data and hubs over a kill −9 and a Ctrl-C, and leaves no process behind', async () => {
    mkdirSync(dataDir);
    const { seed, accounts, hubs } = right;
    writeRecord(dataDir, { seed, accounts, hubs, begun: 1, played: { report: right, missed: [] } }); // it is not what takes long here
    const { child: first, said } = await started(dataDir);
    expect(said()).toContain('The scenario was played on this data before');
    const keys = fingerprint(dataDir);
    const children = Object.values(readRun(dataDir)!.processes);
    const postgres = postmasters(dataDir);
    expect(children.filter(isRunning)).toHaveLength(5);
    expect(postgres).toHaveLength(3);
    const hubsUrl = hubsIn(said());
    await until(async () => (await hubState(hubsUrl))?.received.verification === 1); // the provider pushes to them
    const { id } = (await hubState(hubsUrl))!.stream;

    first.kill('SIGKILL'); // nobody is left to stop anything
    await once(first, 'exit');
    await until(() => !children.some(isRunning) && !postgres.some((pid) => commandOf(pid)?.includes(dataDir)));
    await until(async () => (await hubState(hubsUrl)) === undefined);

    const { child: second, said: saidThen } = await started(dataDir);
    expect(fingerprint(dataDir)).toBe(keys);
    expect((await hubState(hubsIn(saidThen())))?.stream).toMatchObject({ id, delivery: 'push' });
    const streams = ctl(dataDir, 'stream', 'list').stdout;
    expect(streams.match(/ push .* well /g)).toHaveLength(hubs); // no endpoint that is not there is pushed to
    const { status, stderr } = ctl(dataDir, 'start', '--empty', '--port-base', '0');
    expect(status).toBe(1);
    expect(stderr).toMatch(
      /^nymtally: another nymtally \(process \d+\) runs on .*: stop it first, or choose another folder with --data\n$/,
    );

    const again = postmasters(dataDir);
    second.kill('SIGINT');
    expect(await once(second, 'exit')).toEqual([0, null]);
    expect(again.some((pid) => commandOf(pid)?.includes(dataDir))).toBe(false);
    expect(await hubState(hubsIn(saidThen()))).toBeUndefined();
    expect(readRun(dataDir)).toBeUndefined();
  });

  it('lets nobody else read keys', async () => {
    const { child } = await started(dataDir, '--empty');
    const modes = ['keys', 'keys/passwords/nyms', 'keys/tls/nyms/key.pem', 'run.json', 'keys/keyholder'].map((file) =>
      (statSync(path.join(dataDir, file)).mode & 0o077).toString(8),
    );
    expect(modes).toEqual(['0', '0', '0', '0', '0']);
    child.kill('SIGTERM');
    expect(await once(child, 'exit')).toEqual([0, null]);
  });

  it('says in one line that a folder cannot be used', () => {
    const file = path.join(parent, 'file');
    writeFileSync(file, '');
    const { status, stderr } = ctl(path.join(file, 'data'), 'start', '--empty', '--port-base', '0');
    expect(status).toBe(1);
    expect(stderr).toMatch(
      /^nymtally: .* cannot be written \(ENOTDIR\): give yourself write permission, or choose another folder with --data\n$/,
    );
  });

  it('refuses other settings than those the data was made with', async () => {
    const { child } = await started(dataDir, '--empty');
    child.kill('SIGTERM');
    await once(child, 'exit');
    const kept = path.join(dataDir, 'settings.json');
    writeFileSync(kept, readFileSync(kept, 'utf8').replace('n2048-q50-t20', 'n4096-q60-t20'));
    const { status, stderr } = ctl(dataDir, 'start', '--empty', '--port-base', '0');
    expect(status).toBe(1);
    expect(stderr).toMatch(/^nymtally: .* was made with other settings/);
    expect(existsSync(path.join(dataDir, 'run.json'))).toBe(false);
  });
});

const environment = { ...childEnvironment(), NO_COLOR: '1' };

function ctl(dataDir: string, ...args: string[]) {
  return spawnSync(process.execPath, [main, '--data', dataDir, ...args], { env: environment, encoding: 'utf8', timeout: 60_000 });
}

/** `npm start` on free ports, once it has shown its addresses. */
async function started(dataDir: string, flag?: '--empty'): Promise<{ child: ChildProcess; said: () => string }> {
  const args = [main, '--data', dataDir, 'start', ...(flag ? [flag] : []), '--port-base', '0'];
  const child = spawn(process.execPath, args, { env: environment, stdio: ['ignore', 'pipe', 'pipe'] });
  running.push(child);
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += String(chunk)));
  await until(() => {
    if (child.exitCode !== null) throw new Error(output);
    return output.includes('Ctrl-C stops everything');
  });
  return { child, said: () => output };
}

const hubsIn = (output: string): string => /Hubs of the scenario, in memory: (\S+),/.exec(output)![1]!;

/** Of the first hub; undefined when nobody answers. */
async function hubState(
  url: string,
): Promise<{ stream: { id: string; delivery: string }; received: { verification: number } } | undefined> {
  try {
    return (await (await fetch(`${url}/hub-01/state`)).json()) as never;
  } catch {
    return undefined;
  }
}

const postmasters = (dataDir: string): number[] =>
  readdirSync(path.join(dataDir, 'postgres')).map((name) =>
    Number(readFileSync(path.join(dataDir, 'postgres', name, 'postmaster.pid'), 'utf8').split('\n')[0]),
  );

const fingerprint = (dataDir: string): string => readFileSync(path.join(dataDir, 'config', 'keyholder-public.json'), 'utf8');
