/** The command line as its users run it: as a process, against a running service. */
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { PeopleDocument } from '#contracts';
import { appNames } from '../../../apps/ctl/src/stack/app-specs.js';
import type { AppName } from '../../../apps/ctl/src/stack/app-specs.js';
import { root } from '../../../apps/ctl/src/stack/root.js';
import { startStack } from '../../../apps/ctl/src/stack/stack.js';
import type { Stack } from '../../../apps/ctl/src/stack/stack.js';
import { ctlAt, startCtl } from '../ctl.js';
import { until } from '../until.js';

jest.setTimeout(120_000);

describe('ctl on a running service', () => {
  let stack: Stack;
  beforeAll(async () => {
    stack = await startStack({ hubs: 3 });
  });
  afterAll(() => stack?.stop());

  const ctl = ctlAt(() => stack);

  it('doctor finds all well, every process and every database role', async () => {
    const { code, output } = await ctl('doctor');
    expect(output).not.toContain('✗');
    for (const app of ['registrar', 'nyms', 'keyholder', 'correlator', 'witness'])
      expect(output).toMatch(new RegExp(`✓ ${app}: ready at`));
    expect(output).toMatch(/✓ database roles: \d+ questions/);
    expect(code).toBe(0);
  });

  it('doctor shows every setting, and no secret', async () => {
    const { output } = await ctl('doctor', '--settings');
    expect(output).toContain('NYMS_TLS_KEY_FILE');
    expect(output).toContain('[secret]');
    for (const secret of [stack.keys.password('nyms'), stack.keys.password('queue')]) {
      expect(output).not.toContain(secret);
    }
  });

  it('doctor names a process that is gone, and fails', async () => {
    await stack.processes.witness.stop();
    const { code, output } = await ctl('doctor');
    expect(code).toBe(1);
    expect(output).toContain('✗ witness: does not answer at');
    await stack.restart('witness');
  });

  it('selftest measures capacity and the key of this key holder', async () => {
    const { code, output } = await ctl('selftest');
    expect(output).toMatch(/noise budget of the fullest tally\s+│ \d+ bits/);
    expect(output).toContain('✓ key holder');
    expect(code).toBe(0);
  });

  const why = ['--case', 'ops-1', '--reason', 'fewer signals a second'] as const;
  const requestIn = ({ output }: { output: string }): string => {
    const [, id] = /`ctl approve (\S+)`/.exec(output) ?? [];
    if (id === undefined) throw new Error(`nothing was asked for: ${output}`);
    return id;
  };
  /** Asked for by operator-1, approved by operator-2, made live by operator-1. */
  const approved = async (...command: readonly string[]) => {
    const id = requestIn(await ctl('policy', ...command, ...why, '--as', 'operator-1'));
    expect(await ctl('policy', 'promote', '--as', 'operator-1')).toMatchObject({
      code: 1,
      output: expect.stringContaining('it waits: 0 of 1 approvals'),
    });
    expect((await ctl('approve', id, '--yes', '--as', 'operator-1')).output).toContain('you have asked for it yourself');
    expect(await ctl('approve', id, '--yes', '--as', 'operator-2')).toMatchObject({ code: 0 });
    return ctl('policy', 'promote', '--as', 'operator-1');
  };

  it('takes a policy from draft to live by the approval of another operator', async () => {
    const { version } = stack.policy();
    expect(await ctl('policy', 'draft', '--set', 'limits.setsPerSecond=77')).toMatchObject({ code: 0 });
    expect((await ctl('hub', 'suspend', 'https://hub-03.example')).code).toBe(0);
    const diff = await ctl('policy', 'diff');
    expect(diff.output).toContain('~ limits.setsPerSecond: 50 → 77');
    expect(diff.output).toContain('~ hubs[https://hub-03.example].status: "active" → "suspended"');
    expect((await ctl('policy', 'check', '--development')).code).toBe(0);
    expect((await ctl('policy', 'check')).output).toContain('production:');
    expect(await ctl('policy', 'promote', '--as', 'operator-1')).toMatchObject({
      code: 1,
      output: expect.stringContaining('why it is asked for is not said'),
    });
    expect(await approved('promote')).toMatchObject({ code: 0, output: expect.stringContaining(`policy-${version + 1}.json`) });
    expect(stack.policy()).toMatchObject({ version: version + 1, limits: { setsPerSecond: 77 } });
    expect((await ctl('hub', 'list')).output).toMatch(/hub-03\.example .*suspended/);
    expect((await ctl('policy', 'promote', '--as', 'operator-1')).output).toContain(`version ${version + 1} is live`);
    expect((await ctl('policy', 'list')).output).toMatch(
      new RegExp(`${version + 1} │ live +│ operator-1 │ operator-2 +│ +1 │ [\\w-]{43}`),
    );
  });

  it('rolls a policy back by promoting the earlier one under a new number', async () => {
    const { version } = stack.policy();
    rmSync(path.join(stack.dataDir, 'policy-draft.json'));
    expect(await approved('rollback', String(version - 1))).toMatchObject({ code: 0 });
    expect(stack.policy()).toMatchObject({ version: version + 1, limits: { setsPerSecond: 50 } });
  });

  it('makes a policy live from files alone, where there is no key holder to ask', async () => {
    const { version } = stack.policy();
    const file = path.join(stack.dataDir, 'offline.json');
    const offline = ['policy', 'promote', '--offline', '--file', file, '--as', 'operator-2'] as const;
    await ctl('policy', 'draft', '--file', file, '--set', 'limits.setsPerSecond=60');
    expect(await ctl(...offline, ...why)).toMatchObject({ code: 0 });
    expect((await ctl(...offline)).output).toContain('it waits: 0 of the 1 approvals');
    expect((await ctl('policy', 'approve', '--file', file, '--yes', '--as', 'operator-2')).output).toContain('would not count');
    expect(await ctl('policy', 'approve', '--file', file, '--yes', '--as', 'operator-1')).toMatchObject({ code: 0 });
    expect(await ctl(...offline)).toMatchObject({ code: 0 });
    expect(stack.policy()).toMatchObject({ version: version + 1, limits: { setsPerSecond: 60 } });
  });

  it('gives a new registry of people to every process, and the next policy takes the new people', async () => {
    await ctl('epoch', 'close', '--wait'); // by now the key holder follows the newest policy, which the registry must name
    const file = path.join(stack.dataDir, 'next-people.json');
    const people = JSON.parse((await ctl('people', '--json', '--as', 'lead-1')).output) as PeopleDocument;
    const promoted = people.people.map((one) => (one.id === 'lead-3' ? { ...one, roles: [...one.roles, 'operator'] } : one));
    const left = promoted.filter(({ id }) => id !== 'operator-2');
    writeFileSync(file, JSON.stringify({ ...people, version: 2, people: left }));
    const id = requestIn(await ctl('request', 'people', file, ...why, '--as', 'lead-1'));
    for (const lead of ['lead-2', 'lead-3']) expect((await ctl('approve', id, '--yes', '--as', lead)).code).toBe(0);
    expect(await ctl('request', 'execute', id, '--as', 'lead-1')).toMatchObject({
      code: 0,
      output: expect.stringContaining('people-2.json'),
    });
    const { version } = stack.policy();
    await ctl('policy', 'draft', '--force', '--set', 'limits.setsPerSecond=55');
    const asked = requestIn(await ctl('policy', 'promote', ...why, '--as', 'operator-1'));
    expect((await ctl('approve', asked, '--yes', '--as', 'operator-2')).code).toBe(1);
    expect((await ctl('approve', asked, '--yes', '--as', 'lead-3')).code).toBe(0);
    expect((await ctl('policy', 'promote', '--as', 'operator-1')).code).toBe(0);
    expect((await ctl('policy', 'list')).output).toMatch(new RegExp(`${version + 1} │ live +│ operator-1 │ lead-3 +│ +2 │`));
    const isLive = (name: AppName) =>
      readFileSync(stack.specs[name].logFile, 'utf8').includes(`"event":"policy-live","version":${version + 1}`);
    await until(() => appNames.every(isLive));
  });

  it('asks for a shadow policy and reads what it would do; what it cannot be it says by name', async () => {
    const file = path.join(stack.dataDir, 'shadow.json');
    await ctl('policy', 'draft', '--file', file, '--set', 'negative.threshold=30', '--set', 'minPseudonyms=9');
    const ask = () => ctl('policy', 'shadow', '--ask', '--file', file, ...why, '--as', 'operator-1');
    expect(await ask()).toMatchObject({ code: 1, output: expect.stringContaining('a shadow cannot change minPseudonyms') });
    await ctl('policy', 'draft', '--file', file, '--force', '--set', 'negative.threshold=30');
    const id = requestIn(await ask());
    expect((await ctl('approve', id, '--yes', '--as', 'lead-3')).code).toBe(0);
    expect((await ctl('request', 'execute', id, '--as', 'operator-1')).output).toContain('done');
    expect((await ctl('policy', 'shadow')).output).toMatch(/^shadow version \d+: f \d, clip \d+, threshold 30/);
  });

  it('refuses a draft that could overflow, in words for an operator', async () => {
    const file = path.join(stack.dataDir, 'bad.json');
    writeFileSync(file, JSON.stringify({ document: { ...stack.policy(), version: 99, capPerHubAndPseudonym: 4_000 } }));
    const { code, output } = await ctl('policy', 'check', '--file', file);
    expect(code).toBe(1);
    expect(output).toContain('✗ sums could overflow');
  });

  it('closes an epoch and waits for its decision', async () => {
    const { code, output } = await ctl('epoch', 'close', '--wait');
    expect(output).toMatch(/epoch (\d+) closed\nepoch \1 (decided|waits)/);
    expect(code).toBe(0);
    expect((await ctl('epoch', 'show', output.match(/\d+/)![0])).code).toBe(0);
  });

  it('exports the log of the key holder and checks it from the files alone', async () => {
    const [folder, remember] = [path.join(stack.dataDir, 'log'), path.join(stack.dataDir, 'seen.checkpoint')];
    expect(await ctl('audit', 'export', folder, '--proof', '0', '1')).toMatchObject({
      code: 0,
      output: expect.stringMatching(/\d+ entries and their checkpoint .* with 2 proofs/),
    });
    const first = await ctl('audit', 'verify', folder, '--remember', remember);
    expect(first).toMatchObject({
      code: 0,
      output: expect.stringMatching(/none missing.*\n.*cosigned by nymtally\/witness\/witness-1/),
    });
    expect(first.output).toContain('✓ proof 1: entry 1');
    expect(existsSync(remember)).toBe(true);
    expect(await ctl('audit', 'verify', folder, '--remember', remember)).toEqual(first);
    const file = path.join(folder, 'entries.jsonl');
    const text = readFileSync(file, 'utf8');
    writeFileSync(file, text.replace('"type":"policy"', '"type":"force"'));
    expect(await ctl('audit', 'verify', folder)).toMatchObject({
      code: 1,
      output: expect.stringContaining('not those that were signed'),
    });
    writeFileSync(file, text.split('\n').toSpliced(1, 1).join('\n'));
    expect(await ctl('audit', 'verify', folder)).toMatchObject({
      code: 1,
      output: expect.stringContaining('entry 1 is missing'),
    });
  });

  it('shows the newest entries of the log and counts them', async () => {
    expect((await ctl('audit', 'tail', '--lines', '500')).output).toMatch(/ {2}policy … .* version 1\n/);
    expect((await ctl('audit', 'stats')).output).toMatch(/\d{4}-\d\d.*policy/);
  });

  it('follows the log until it is ended', async () => {
    const following = startCtl(stack, 'audit', 'tail', '--follow', '--lines', '1');
    let output = '';
    following.stdout.on('data', (text: Buffer) => (output += text.toString()));
    await until(() => output.includes('\n'));
    requestIn(await ctl('request', 'key-rotation', ...why, '--as', 'lead-1'));
    await until(() => / {2}request .*key-rotation/.test(output));
    const ended = once(following, 'exit');
    following.kill('SIGINT');
    expect(await ended).toEqual([null, 'SIGINT']);
  });

  it('shows held signals and the counts per hub', async () => {
    expect(await ctl('signal', 'held')).toEqual({ code: 0, output: 'no signal waits\n' });
    const nobody = 'mimi://provider.example/p/abcdefghijklmnopqrstuvwxyz';
    for (const command of ['list', 'show'])
      expect(await ctl('report', command, nobody, '--case', 'c1')).toEqual({ code: 0, output: 'no report\n' });
    expect(await ctl('top')).toMatchObject({ code: 0, output: expect.stringContaining('0 of 0 accounts are suspended') });
  });

  it('prints a token that the registrar takes', async () => {
    const { output } = await ctl('dev-issuer', 'token', 'alice');
    const answer = await fetch(`${stack.urls.registrar}/v1/standing`, { headers: { authorization: `Bearer ${output.trim()}` } });
    expect([200, 409]).toContain(answer.status); // known, or not enrolled yet; never 401
  });

  it('says in one line what a process refuses, and what is no pseudonym', async () => {
    expect(await ctl('signal', 'release', 'https://hub-01.example', 'nope', '--case', 'c1')).toMatchObject({
      code: 1,
      output: expect.stringMatching(/^nymtally: nyms refused \(\d+\): .*\n$/),
    });
    expect((await ctl('pseudonym', 'suspend', 'alice', '--case', 'c1')).output).toMatch(
      /^nymtally: alice is no pseudonym: write mimi/,
    );
    // nothing is frozen, so the key holder refuses to have it asked for
    expect(await ctl('request', 'unfreeze', '--case', 'c1', '--reason', 'r', '--as', 'operator-1')).toMatchObject({
      code: 1,
      output: expect.stringMatching(/^nymtally: key holder refused \(403\): .*\n$/),
    });
  });
});

describe('the tasks behind the npm scripts', () => {
  const task = async (...args: string[]) => {
    try {
      const { stdout } = await promisify(execFile)(process.execPath, [path.join(root, 'scripts', 'task.mjs'), ...args]);
      return { code: 0, output: stdout };
    } catch (error) {
      const { code, stderr } = error as { code: number; stderr: string };
      return { code, output: stderr };
    }
  };

  it.each(['start', 'test', 'test:simulation', 'verify', 'ctl'])('%s explains itself', async (name) => {
    const { code, output } = await task(name, '--help');
    expect(code).toBe(0);
    expect(output).toMatch(/Example:|Usage:/);
  });

  it('name what there is when a task is unknown, with exit code 2', async () => {
    expect(await task('nope')).toMatchObject({ code: 2, output: expect.stringContaining('There is no task "nope"') });
    expect(await task('verify', 'nope')).toMatchObject({ code: 2, output: expect.stringContaining('there is no step nope') });
  });

  it('exit with the code of what they run', async () => {
    expect((await task('ctl', 'nope')).code).toBe(2);
    expect((await task('ctl', '--data', path.join(root, 'package.json', 'nowhere'), 'policy', 'show')).code).toBe(1);
  });
});
