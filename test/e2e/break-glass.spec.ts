/**
 * The worked example of docs/break-glass.md, run: one person asks, two approve, the first reads the account; then an auditor checks from
 * files alone that this is what happened, by the commands of the page itself. Every step is a command of ctl, as its users type it.
 */
import { copyFileSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { PeopleDocument } from '#contracts';
import { root } from '../../apps/ctl/src/stack/root.js';
import { Provider } from './bad-input/provider.js';
import { approvedBy, ctlAt, runBlock, succeeded } from './ctl.js';
import type { Ctl } from './ctl.js';

jest.setTimeout(120_000);

describe('a break-glass, step by step', () => {
  let provider: Provider;
  let files: string;
  let uri: string;
  let account: string;
  let id: string;
  let changeId: string;

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
  const offline: Ctl = (...args) => runBlock(`npm run ctl -- ${args.join(' ')}`, { cwd: files, env: ownFiles() });
  const at = (name: string) => path.join(files, name);
  const write = (name: string, text: string) => writeFileSync(at(name), text);
  const heldDigest = () => readFileSync(at('people.digest'), 'utf8').trim();
  const ownFiles = () => ({
    CTL_KEYHOLDER_PIN_FILE: at('keyholder-public.json'),
    CTL_LOG_WITNESSES_FILE: at('log-witnesses.json'),
  });

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

  it('and a change of the registry leave cases, which outlive the registry that they were judged by', async () => {
    const [, firstDigest] = /digest ([\w-]{43})/.exec(await succeeded(ctl('people', '--as', 'lead-1'))) ?? [];
    write('people.digest', `${firstDigest}\n`);
    const present = JSON.parse(await succeeded(ctl('people', '--json', '--as', 'lead-1'))) as PeopleDocument;
    const people = present.people.map((person) => (person.id === 'lead-3' ? { ...person, roles: ['lead', 'auditor'] } : person));
    write('people.json', JSON.stringify({ ...present, version: 2, people }));
    const ask = ['request', 'people', 'people.json', '--case', 'staff-3', '--reason', 'lead 3 audits too'];
    changeId = await approvedBy(ctl, ['lead-1', 'lead-2', 'lead-3'], ask);
    await succeeded(ctl('request', 'execute', changeId, '--as', 'lead-1'));
    expect(await succeeded(ctl('people', '--as', 'lead-3'))).toContain('version 2, ');

    const { exporting } = auditorsBlocks();
    const data = { CTL_DATA: provider.stack.dataDir };
    expect(await runBlock(exporting.replace('s13GruUgwTQD', id), { cwd: files, env: data })).toMatchObject({ code: 0 });
    await succeeded(ctl('case', 'export', changeId, 'staff.json', '--as', 'auditor-1'));
  });

  it('leaves evidence that an auditor checks from files alone, by the very commands of the page', async () => {
    const { dataDir } = provider.stack;
    for (const name of ['keyholder-public.json', 'log-witnesses.json'])
      copyFileSync(path.join(dataDir, 'config', name), at(name));
    for (const name of ['auditor-1.pem', 'auditor-1.seal']) copyFileSync(path.join(dataDir, 'keys', 'people', name), at(name));
    await provider.stop(); // from here on nobody is asked any more
    rmSync(dataDir, { recursive: true, force: true });
    const { checking } = auditorsBlocks();
    const { code, output } = await runBlock(checking, { cwd: files });
    expect([code, output]).toEqual([0, expect.stringContaining('none missing, none changed')]);
    expect(output).toContain('is the one that you hold and the log names');
    expect(output).toContain('✓ lead-2 and lead-3 approved it; it takes 2');
    expect(output).toContain(`✓ the entry is about ${uri}`);
    expect(output).not.toContain('✗');
    expect(output).toMatch(/executed break-glass +│ +1 /);
    expect(existsSync(at('seen.note'))).toBe(true);
  });

  it('leads an auditor from the first registry to the next, by the case that made it', async () => {
    const { code, output } = await offline('case', 'verify', 'staff.json', 'log', '--people-digest', heldDigest());
    const made = /✓ registry version 2, ([\w-]{43}), came of it, as the log names it/.exec(output)?.[1];
    expect([code, made]).toEqual([0, expect.any(String)]);
    expect(made).not.toBe(heldDigest());
  });

  it('does not convince an auditor who holds another registry, or does not say which', async () => {
    expect(await offline('case', 'verify', 'case.json', 'log')).toMatchObject({
      code: 1,
      output: expect.stringMatching(/✗ registry version 1, .* may be invented/),
    });
    expect(await offline('case', 'verify', 'case.json', 'log', '--people-digest', 'A'.repeat(43))).toMatchObject({
      code: 1,
      output: expect.stringMatching(/✗ registry version 1, .* is not the one that you hold/),
    });
  });

  it('does not convince an auditor when the case file or the log was changed', async () => {
    const judge = (file: string) => offline('case', 'verify', file, 'log', '--people-digest', heldDigest());
    expect((await judge('case.json')).code).toBe(0);
    write('other.json', readFileSync(at('case.json'), 'utf8').replace('court order 12/2026', 'court order 13/2026'));
    expect(await judge('other.json')).toMatchObject({ code: 1, output: expect.stringContaining('✗ not enough approvals count') });
    const log = path.join('log', 'entries.jsonl');
    write(log, readFileSync(at(log), 'utf8').replace('"lead-2","lead-3"', '"lead-2","lead-1"'));
    expect((await offline('audit', 'verify', 'log')).code).toBe(1);
    expect(await judge('case.json')).toMatchObject({
      code: 1,
      output: expect.stringContaining('✗ the entry names the same requester'),
    });
  });
});

/** What the page says to type: those who export, and then those who check. */
function auditorsBlocks(): { exporting: string; checking: string } {
  const page = readFileSync(path.join(root, 'docs', 'break-glass.md'), 'utf8');
  const section = page.split('\n## ').find((part) => part.startsWith("The auditor's side")) ?? '';
  const [exporting, checking, ...more] = [...section.matchAll(/```sh\n(.*?)```/gs)].map(([, block]) => block!);
  if (exporting === undefined || checking === undefined || more.length > 0) throw new Error('the page has other blocks than two');
  return { exporting, checking };
}
