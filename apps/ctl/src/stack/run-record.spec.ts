import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { startOf } from './left-behind.js';
import { claimRun, isRunning, readRun, runFile } from './run-record.js';

describe('the record of a run', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(path.join(os.tmpdir(), 'nymtally-run-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('keeps a second launcher off the data folder', async () => {
    const run = await claimRun(folder);
    await expect(claimRun(folder)).rejects.toThrow(/another nymtally \(process \d+\) runs on/);
    run.release();
    (await claimRun(folder)).release();
  });

  it('ends what a killed launcher left behind', async () => {
    const left = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' });
    const child = { pid: left.pid!, started: startOf(left.pid!)! };
    writeFileSync(
      runFile(folder),
      JSON.stringify({ launcher: { pid: child.pid, started: 'long ago' }, processes: { nyms: child }, urls: {}, env: {} }),
    );
    const [run] = await Promise.all([claimRun(folder), once(left, 'exit')]);
    expect(isRunning(child)).toBe(false);
    expect(readRun(folder)?.launcher.pid).toBe(process.pid);
    run.release();
  });

  it('never ends a stranger that has the number now', async () => {
    const stranger = { pid: process.pid, started: 'another time' };
    writeFileSync(runFile(folder), JSON.stringify({ launcher: stranger, processes: { nyms: stranger }, urls: {}, env: {} }));
    (await claimRun(folder)).release();
    expect(startOf(process.pid)).toBeDefined();
  });
});
