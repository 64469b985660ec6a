/** What each process says to a configuration that is wrong: the key, never the value, no stack, exit code 1. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { appNames, appSpecs, folders } from '../../../apps/ctl/src/stack/app-specs.js';
import type { AppName } from '../../../apps/ctl/src/stack/app-specs.js';
import type { AppSpec } from '../../../apps/ctl/src/stack/app-process.js';
import { freePort } from '../../../apps/ctl/src/stack/free-port.js';
import { stackKeys } from '../../../apps/ctl/src/stack/keys.js';
import { choosePorts } from '../../../apps/ctl/src/stack/ports.js';
import { root } from '../../../apps/ctl/src/stack/root.js';

jest.setTimeout(60_000);

describe('a configuration that is wrong', () => {
  const dataDir = mkdtempSync(path.join(os.tmpdir(), 'nymtally-configuration-'));
  let specs: Record<AppName, AppSpec>;
  beforeAll(async () => {
    const at = folders(dataDir);
    for (const folder of [at.config, at.policy]) mkdirSync(folder, { recursive: true });
    const nowhere = 'http://127.0.0.1:1';
    const nobody = 'https://127.0.0.1:1';
    const urls = {
      registrar: nowhere,
      nyms: nowhere,
      keyholder: nobody,
      correlator: nobody,
      witness: nobody,
      issuer: nowhere,
    };
    specs = appSpecs({
      ...{ root, dataDir, urls, domain: 'provider.example', parameterSet: 'n2048-q50-t20', cohortsPerBlock: 8 },
      ...{ schedule: 'off', unseal: 'auto', clockOffsetDays: 0, logLevel: 'info', keys: await stackKeys(at.keys, 1) },
      urlFor: (role) => `postgresql://${role}:hunter2@127.0.0.1:1/${role}`,
    });
  });
  afterAll(() => rmSync(dataDir, { recursive: true }));

  const start = (name: AppName, change: Readonly<Record<string, string | undefined>>) => {
    const { command, env } = specs[name];
    const { status, stdout, stderr } = spawnSync(process.execPath, [...command], {
      env: { PATH: process.env['PATH'], ...env, ...change },
      encoding: 'utf8',
      timeout: 30_000,
    });
    return { status, output: stdout + stderr };
  };

  it.each(appNames)('is named by key when %s misses its database', (name) => {
    const key = `${name.toUpperCase()}_DATABASE_URL`;
    const { status, output } = start(name, { [key]: undefined });
    expect({ status, output }).toEqual({ status: 1, output: `${name} cannot start: ${key} is required\n` });
  });

  it.each(appNames)('is told whole, without values, when several keys of %s do not fit', (name) => {
    const prefix = name.toUpperCase();
    const { status, output } = start(name, { [`${prefix}_PORT`]: 'seven', [`${prefix}_NOPE`]: 'xyzzy' });
    expect(status).toBe(1);
    expect(output).toContain(`${prefix}_PORT must be`);
    expect(output).toContain(`${prefix}_NOPE is not a setting`);
    expect(output).not.toMatch(/seven|xyzzy|hunter2|\n {4}at /);
  });

  it.each(appNames)('stops %s in production when its clock is moved', (name) => {
    const { status, output } = start(name, { NODE_ENV: 'production', [`${name.toUpperCase()}_CLOCK_OFFSET_DAYS`]: '3' });
    expect(status).toBe(1);
    expect(output).toContain(`${name.toUpperCase()}_CLOCK_OFFSET_DAYS`);
  });

  it('stops the registrar in production when the key set of accounts comes over plain http', () => {
    const { status, output } = start('registrar', { NODE_ENV: 'production' });
    expect(status).toBe(1);
    expect(output).toContain('REGISTRAR_JWKS_URL must be https in production');
  });

  it('names a secret file that is not there', () => {
    const { status, output } = start('registrar', { REGISTRAR_TICKET_KEY_FILE: path.join(dataDir, 'nowhere') });
    expect({ status, output }).toEqual({
      status: 1,
      output: 'registrar cannot start: REGISTRAR_TICKET_KEY_FILE names a file that does not exist\n',
    });
  });

  it.each(appNames)('lets %s end with code 1 and no secret in its words when nothing it needs answers', (name) => {
    const { status, output } = start(name, {});
    expect(status).toBe(1);
    expect(output).not.toContain('hunter2');
  });
});

describe('a port that is taken', () => {
  it('is said in one line by the launcher, with the mend', async () => {
    const port = await freePort();
    const server = net.createServer().listen(port, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    // the ports beside it may be somebody's, too
    await expect(choosePorts(port - 2)).rejects.toThrow(new RegExp(`^port .*\\b${port} \\(nyms\\).* in use: .*--port-base`));
    server.close();
  });
});
