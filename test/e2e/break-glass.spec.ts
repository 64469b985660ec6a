/**
 * The worked example of docs/break-glass.md, run: one person asks, two approve, the first reads the account; then an auditor checks from
 * files alone that this is what happened. Every step is a command of ctl, as its users type it.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { Provider } from './bad-input/provider.js';
import { ctlAt } from './ctl.js';

jest.setTimeout(120_000);

describe('a break-glass, step by step', () => {
  let provider: Provider;
  let files: string;
  let uri: string;
  let account: string;
  let id: string;

  beforeAll(async () => {
    provider = await Provider.start((document) => document);
    files = mkdtempSync(path.join(os.tmpdir(), 'case-'));
    const person = await provider.person(1);
    [uri] = (await provider.mint(person, 1)) as [string];
    account = 'account-1';
  });
  afterAll(async () => {
    rmSync(files, { recursive: true, force: true });
    await provider?.stop();
  });

  const ctl = ctlAt(() => ({ dataDir: provider.stack.dataDir, cwd: files }));

  it('is asked for by one', async () => {
    const { code, output } = await ctl(
      ...['request', 'break-glass', uri, '--case', '2026-0042', '--reason', 'court order 12/2026', '--as', 'lead-1'],
    );
    expect([code, output]).toEqual([0, expect.stringContaining('asked for: others approve it with `ctl approve ')]);
    id = /ctl approve ([\w-]+)/.exec(output)![1]!;
    for (const words of [uri, 'court order 12/2026', '2026-0042', 'lead-1 (lead)', 'handle, to lead-1 only'])
      expect(output).toContain(words);
  });

  it('is read whole and approved by two others, and by nobody twice', async () => {
    expect(await ctl('break-glass', id, '--as', 'lead-1')).toMatchObject({
      code: 1,
      output: expect.stringMatching(/nyms refused \(403\)/),
    });
    expect(await ctl('approve', id, '--as', 'lead-1', '--yes')).toMatchObject({
      code: 1,
      output: expect.stringContaining('you have asked for it yourself'),
    });
    expect(await ctl('approve', id, '--as', 'operator-1', '--yes')).toMatchObject({
      code: 1,
      output: expect.stringContaining('it takes another role than yours'),
    });
    expect(await ctl('approve', id, '--as', 'lead-2')).toMatchObject({
      code: 1,
      output: expect.stringContaining('nobody is there to ask'),
    });
    expect(await ctl('approve', id, '--as', 'lead-2', '--yes')).toMatchObject({ code: 0, output: expect.stringContaining(uri) });
    expect(await ctl('approve', id, '--as', 'lead-2', '--yes')).toMatchObject({
      code: 1,
      output: expect.stringContaining('you have approved it before'),
    });
    expect((await ctl('requests', '--as', 'auditor-1')).output).toContain('1 of 2 approvals, by lead-2');
    expect((await ctl('approve', id, '--as', 'lead-3', '--yes')).code).toBe(0);
    expect((await ctl('requests', id, '--as', 'auditor-1')).output).toContain('approved, by lead-2, lead-3');
  });

  it('names the account to the one who asked, once', async () => {
    expect((await ctl('break-glass', id, '--as', 'lead-2')).code).toBe(1);
    const { code, output } = await ctl('break-glass', id, '--as', 'lead-1');
    expect([code, output]).toEqual([0, expect.stringMatching(new RegExp(`^handle  [\\w-]{22}\naccount ${account}\n$`))]);
    expect((await ctl('break-glass', id, '--as', 'lead-1')).code).toBe(1);
    const looked = provider.log('registrar').filter(({ event }) => event === 'account-looked-up');
    expect(looked.map(({ request }) => String(request).startsWith(id))).toEqual([true]);
    for (const app of ['registrar', 'nyms', 'keyholder', 'correlator', 'witness'] as const)
      expect(JSON.stringify(provider.log(app))).not.toContain(uri);
  });

  it('leaves evidence that an auditor checks from files alone', async () => {
    expect((await ctl('case', 'export', id, 'case.json', '--as', 'auditor-1')).code).toBe(0);
    expect((await ctl('audit', 'export', 'log')).code).toBe(0);
    // from here on the key holder is not asked any more
    await provider.stack.processes.keyholder.stop();
    expect(await ctl('audit', 'verify', 'log')).toMatchObject({
      code: 0,
      output: expect.stringContaining('none missing, none changed'),
    });
    const { code, output } = await ctl('case', 'verify', 'case.json', 'log', '--as', 'auditor-1');
    expect(output).toContain(`✓ the entry is about ${uri}`);
    expect([code, output.match(/^✓/gm)?.length, output.includes('✗')]).toEqual([0, 5, false]);
    expect((await ctl('audit', 'stats', 'log')).output).toMatch(/executed break-glass +│ +1 /);
  });

  it('does not convince an auditor when the case file or the log was changed', async () => {
    const original = readFileSync(path.join(files, 'case.json'), 'utf8');
    writeFileSync(path.join(files, 'other.json'), original.replace('court order 12/2026', 'court order 13/2026'));
    expect(await ctl('case', 'verify', 'other.json', 'log', '--as', 'auditor-1')).toMatchObject({
      code: 1,
      output: expect.stringContaining('✗ not enough approvals count'),
    });
    const log = path.join(files, 'log', 'entries.jsonl');
    writeFileSync(log, readFileSync(log, 'utf8').replace('"lead-2","lead-3"', '"lead-2","lead-1"'));
    expect((await ctl('audit', 'verify', 'log')).code).toBe(1);
    expect((await ctl('case', 'verify', 'case.json', 'log', '--as', 'auditor-1')).output).toContain(
      '✗ the entry names the same requester',
    );
  });
});
