/** The built processes as an operator meets them: health, ends, crashes. One service for the whole file. */
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import pg from 'pg';
import { keepCertificates } from '../../../apps/ctl/src/certificates/certificate-folder.js';
import { appNames } from '../../../apps/ctl/src/stack/app-specs.js';
import { startStack } from '../../../apps/ctl/src/stack/stack.js';
import type { Stack } from '../../../apps/ctl/src/stack/stack.js';
import { until } from '../until.js';

jest.setTimeout(120_000);

/** Longest that a process may take to go when it has nothing to finish. */
const promptlyMs = 8_000;

describe('the processes of a running service', () => {
  let stack: Stack;
  const unexpected: string[] = [];
  beforeAll(async () => {
    stack = await startStack({ hubs: 2, onUnexpectedExit: (app) => unexpected.push(app.spec.name) });
  });
  afterAll(async () => {
    await stack?.stop();
    expect(unexpected).toEqual([]);
  });

  it('warn at every start that the key holder unseals itself, however little it logs', async () => {
    const { keyholder } = stack.processes;
    const warnings = () =>
      keyholder
        .output()
        .split('\n')
        .filter((line) => /^WARNING: the key holder unseals itself: .*auto-unseal\.key\)$/.test(line));
    const event = () => keyholder.output().includes('"event":"auto-unsealed"');
    expect([warnings().length, event()]).toEqual([1, true]);
    await keyholder.stop();
    await stack.restart('keyholder', { KEYHOLDER_LOG_LEVEL: 'error' });
    expect([warnings().length, event()]).toEqual([1, false]);
    await keyholder.stop();
    await stack.restart('keyholder');
    expect([warnings().length, event()]).toEqual([1, true]);
  });

  it.each(appNames)('%s is live, ready and measured', async (name) => {
    const answers = ['/health/live', '/health/ready', '/metrics'].map((route) => stack.processes[name].answers(route));
    expect(await Promise.all(answers)).toEqual([200, 200, 200]);
  });

  it.each(appNames)('%s ends on SIGTERM with code 0, at once, though a connection is open, and starts again', async (name) => {
    const process = stack.processes[name];
    await process.answers('/health/live'); // fetch keeps the connection
    const asked = performance.now();
    expect(await process.stop()).toEqual({ code: 0, signal: null });
    expect(performance.now() - asked).toBeLessThan(promptlyMs);
    await stack.restart(name);
    expect(await process.answers('/health/ready')).toBe(200);
  });

  it.each(appNames)('%s comes back after kill −9', async (name) => {
    expect(await stack.processes[name].kill()).toEqual({ code: null, signal: 'SIGKILL' });
    await stack.restart(name);
    expect(await stack.processes[name].answers('/health/ready')).toBe(200);
  });

  it('an ephemeral cluster has what it committed the moment before it was killed', async () => {
    const kept = Array.from({ length: 20 }, (_, n) => ({ n }));
    const client = new pg.Client({ connectionString: stack.databases.superUrls.registrar });
    client.on('error', () => undefined);
    await client.connect();
    await client.query('CREATE TABLE public.kept (n int)');
    for (const { n } of kept) await client.query('INSERT INTO public.kept VALUES ($1)', [n]); // a lazy writer would take the first at once
    await stack.databases.crash('registrar');
    const again = new pg.Client({ connectionString: stack.databases.superUrls.registrar });
    await again.connect();
    const { rows } = await again.query('SELECT n FROM public.kept ORDER BY n');
    await again.query('DROP TABLE public.kept');
    await again.end();
    expect(rows).toEqual(kept);
  });

  it('stays live without its database, is not ready, and is ready again when the database is back', async () => {
    const { registrar } = stack.processes;
    const seen: (number | undefined)[] = [];
    await stack.databases.crash('registrar', async () => {
      await until(async () => (await registrar.answers('/health/ready')) === 503);
      seen.push(await registrar.answers('/health/live'));
    });
    await until(async () => (await registrar.answers('/health/ready')) === 200);
    expect(seen).toEqual([200]);
  });

  const events = (name: (typeof appNames)[number]) =>
    stack.processes[name]
      .output()
      .split('\n')
      .flatMap((line) => (line.startsWith('{') ? [(JSON.parse(line) as { event?: string }).event] : []));

  it('takes new certificates while it runs, and loses no request over it', async () => {
    let done = false;
    const statuses = new Set<number>();
    const asking = (async () => {
      while (!done) {
        const answer = await stack.client('nyms', 'keyholder').request('v1/force');
        await answer.drop();
        statuses.add(answer.status);
      }
    })();
    try {
      await keepCertificates(stack.keys.tls, { now: new Date(), all: true });
      await until(() => appNames.every((name) => events(name).includes('certificate-renewed')));
      const closed = await stack.client('ctl', 'correlator').request('v1/epochs', { method: 'POST' });
      expect(closed.status).toBe(200);
    } finally {
      done = true; // or it asks for ever
    }
    await asking;
    expect([...statuses]).toEqual([200]);
    for (const name of appNames) expect(await stack.processes[name].answers('/health/ready')).toBe(200);
    for (const name of appNames) expect(events(name)).not.toContain('certificate-refused');
  });

  it('says in its log that it listens, and nothing twice', () => {
    for (const name of appNames) expect(events(name).filter((event) => event === 'listening')).toHaveLength(1);
  });
});
