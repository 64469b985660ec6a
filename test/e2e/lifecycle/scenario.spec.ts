/** `npm start -- --once --report FILE` as a process: the whole scenario in a small world, its table, its report and what it leaves behind. */
import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, expect, it, jest } from '@jest/globals';
import { faults, type ScenarioReport } from '../../../apps/ctl/src/scenario/report.js';
import { childEnvironment } from '../../../apps/ctl/src/config.js';
import { root } from '../../../apps/ctl/src/stack/root.js';

jest.setTimeout(300_000);

/** The data folder of `--once` is made in the system's temporary folder, which is this one for the process. */
const temporary = mkdtempSync(path.join(os.tmpdir(), 'nymtally-scenario-'));
afterAll(() => rmSync(temporary, { recursive: true, force: true }));

const fields =
  `accounts, pseudonyms, hubs, epochs, signalsSent, signalsAccepted, signalsCounted, abusers, abusersSuspended, honest, honestSuspended,
  pseudonymsOfSuspended, pseudonymsRevoked, wronglyRevoked, seconds, honestSuspendedWithoutTrim, signalsReplayed, signalsIgnored, signalsRetracted,
  signalsHeld`.split(/,\s+/);

it('plays a small world once, is right about it, says so in numbers, and leaves nothing', async () => {
  const file = path.join(temporary, 'report.json');
  const command = [path.join(root, 'dist', 'apps', 'ctl', 'src', 'main.js'), 'start', '--once', '--report', file];
  const size = ['--accounts', '100', '--seed', '1'];
  const env = { ...childEnvironment(), TMPDIR: temporary };
  const { stdout } = await promisify(execFile)(process.execPath, [...command, ...size], { env, maxBuffer: 64 << 20 });
  expect(stdout).toMatch(/Honest accounts suspended +│ +0 of 95/);
  const report = JSON.parse(readFileSync(file, 'utf8')) as ScenarioReport;
  for (const field of fields) expect([field, typeof report[field as keyof ScenarioReport]]).toEqual([field, 'number']);
  expect(report).toMatchObject({ accounts: 100, abusers: 5, honest: 95, hubs: 12, seed: 1, wronglyRevoked: 0 });
  expect(faults(report)).toEqual([]);
  expect(readdirSync(temporary)).toEqual(['report.json']);
});
