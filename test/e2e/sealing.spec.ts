/** The key holder of a whole service, sealed by shares of five people: too few, wrong ones, enough, sealed again, and nothing left of it. */
import { execFile } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import pg from 'pg';
import { toBase64Url } from '#contracts';
import type { SealStatement } from '#contracts';
import { signStatement } from '../../apps/ctl/src/command/signed.js';
import { folders } from '../../apps/ctl/src/stack/app-specs.js';
import { startStack } from '../../apps/ctl/src/stack/stack.js';
import type { Stack } from '../../apps/ctl/src/stack/stack.js';
import { ctlAt } from './ctl.js';
import { foundInDatabase, foundInFiles, foundInMemory, needlesOf, raw } from './sealing/scan.js';
import type { Needles } from './sealing/scan.js';
import { giveToPeople } from './sealing/shared-secrets.js';
import type { Share, SharedSecrets } from './sealing/shared-secrets.js';
import { until } from './until.js';

jest.setTimeout(240_000);

const people = ['alice', 'bertha', 'carol', 'dave', 'erin'];
const byShares = { KEYHOLDER_UNSEAL: 'shares' };

describe('a key holder that people unseal', () => {
  let stack: Stack;
  let shared: SharedSecrets;
  let needles: Needles;
  const unexpected: string[] = [];
  beforeAll(async () => {
    stack = await startStack({ hubs: 1, onUnexpectedExit: (app) => unexpected.push(app.spec.name) });
    await stack.processes.keyholder.stop();
    shared = await giveToPeople(stack, people, 3);
    needles = needlesOf(shared.secrets);
    await sealedStart();
  });
  afterAll(async () => {
    await stack?.stop();
    expect(unexpected).toEqual([]);
  });

  const keyholder = () => stack.processes.keyholder;
  async function sealedStart(): Promise<void> {
    keyholder().spawn(byShares);
    await until(async () => (await keyholder().answers('/health/live')) === 200);
  }

  const post = async (route: string, body: unknown) => {
    const answer = await stack
      .client('ctl', 'keyholder')
      .request(route, { type: 'application/json', body: JSON.stringify(body) });
    return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
  };
  const get = async (route: string) => {
    const answer = await stack.client('ctl', 'keyholder').request(route);
    return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
  };
  const present = ({ index, share }: Pick<Share, 'index' | 'share'>, ceremony = shared.record.ceremony) =>
    post('/v1/unseal', { ceremony, index, share: toBase64Url(share) });
  const shareOf = (person: string) => shared.shares.find((share) => share.person === person)!;

  const ctl = ctlAt(() => stack);
  const unsealBy = (person: string) =>
    ctl('keys', 'unseal', shareOf(person).file, '--passphrase-file', path.join(shared.passphrases, person));
  const sealStatement = () =>
    signStatement<SealStatement>(
      stack.keys.people.find(({ id }) => id === 'operator-1')!,
      { type: 'seal', case: 'c1', reason: '' },
      Math.floor(Date.now() / 86_400_000),
    );

  it('starts sealed: live, not ready, and 503 keyholder-sealed for everything else', async () => {
    expect(await keyholder().answers('/health/live')).toBe(200);
    expect(await get('/health/ready')).toEqual({ status: 503, body: { status: 'down', checks: { unsealed: 'down' } } });
    expect(await get('/v1/seal')).toMatchObject({ status: 200, body: { sealed: true, mode: 'shares', presented: 0 } });
    const answers = [
      await get('/v1/day-list'),
      await get('/v1/audit/entries?from=0'),
      await post('/v1/mints', { wrapped: 'AA', subject: 'AA' }),
      await post('/v1/nowhere', {}),
    ];
    for (const { status, body } of answers)
      expect({ status, type: body['type'] }).toEqual({ status: 503, type: '/errors/keyholder-sealed' });
    const decision = await stack
      .client('correlator', 'keyholder')
      .request('/v1/decisions', { type: 'application/octet-stream', body: new Uint8Array(100) });
    expect([decision.status, (await decision.json()) as object]).toEqual([503, expect.objectContaining({ status: 503 })]);
  });

  it('lets nobody present a share or ask for its state but the command line', async () => {
    const body = JSON.stringify({ ceremony: shared.record.ceremony, index: 1, share: toBase64Url(shared.shares[0]!.share) });
    for (const caller of ['nyms', 'registrar', 'correlator'] as const) {
      const answer = await stack.client(caller, 'keyholder').request('/v1/unseal', { type: 'application/json', body });
      expect([caller, answer.status]).toEqual([caller, 403]);
      await answer.drop();
    }
    expect((await get('/v1/seal')).body['presented']).toBe(0);
  });

  it('says to each person what is the matter with their share, and goes on', async () => {
    const spoiled = Uint8Array.from(shareOf('alice').share);
    spoiled[3]! ^= 1;
    expect(await present({ index: 1, share: spoiled })).toMatchObject({ status: 403, body: { type: '/errors/share-wrong' } });
    expect(await present(shareOf('alice'), 'A'.repeat(22))).toMatchObject({
      status: 409,
      body: { type: '/errors/share-of-other-ceremony' },
    });
    expect(await present(shareOf('alice'))).toEqual({ status: 200, body: { sealed: true, presented: 1, threshold: 3 } });
    expect(await present(shareOf('alice'))).toMatchObject({ status: 409, body: { type: '/errors/share-repeated' } });
    expect(await present({ index: 2, share: new Uint8Array(7) })).toMatchObject({ status: 400 });
    expect(await ctl('keys', 'status')).toMatchObject({
      code: 0,
      output: expect.stringContaining('1 of 3 shares presented, 2 missing'),
    });
  });

  it('proves every share without unsealing, and names the one that is none', async () => {
    const files = shared.shares.map(({ file }) => file);
    const all = await ctl('keys', 'rehearse', ...files, '--passphrases', shared.passphrases);
    expect(all.output).toContain('5 of 5 shares proven');
    for (const person of people) expect(all.output).toMatch(new RegExp(`${person} .*proven`));
    expect(all.code).toBe(0);
    writeFileSync(path.join(shared.passphrases, 'alice'), 'no longer that one');
    const one = await ctl('keys', 'rehearse', files[0]!, '--passphrases', shared.passphrases);
    writeFileSync(path.join(shared.passphrases, 'alice'), 'long enough for alice\n');
    expect(one).toMatchObject({ code: 1, output: expect.stringContaining('does not open') });
    expect((await get('/v1/seal')).body).toMatchObject({ sealed: true, presented: 1 });
  });

  it('stays sealed with two of three, and forgets them when it is started again', async () => {
    expect((await unsealBy('bertha')).output).toContain('2 of 3 shares presented; still sealed');
    expect(await keyholder().answers('/health/ready')).toBe(503);
    expect(await keyholder().stop()).toEqual({ code: 0, signal: null });
    await sealedStart();
    expect((await get('/v1/seal')).body).toMatchObject({ sealed: true, presented: 0 });
  });

  it('is the whole key holder after the third share', async () => {
    expect((await unsealBy('erin')).output).toContain('1 of 3');
    expect((await unsealBy('bertha')).output).toContain('2 of 3');
    const last = await unsealBy('dave');
    expect(last).toEqual({ code: 0, output: expect.stringMatching(/3 of 3 shares presented.*\nunsealed/) });
    expect(await keyholder().answers('/health/ready')).toBe(200);
    expect(await get('/v1/seal')).toMatchObject({ status: 200, body: { sealed: false, presented: 0 } });
    expect((await unsealBy('alice')).output).toContain('unsealed already');
    await until(async () => (await stack.processes.nyms.answers('/health/ready')) === 200);
  });

  it('is sealed by an operator only, once for each statement', async () => {
    const { statement, signature } = sealStatement();
    const forged = { statement: { ...statement, reason: 'x' }, signature };
    expect(await post('/v1/seal', forged)).toMatchObject({ status: 403, body: { type: '/errors/answer-refused' } });
    expect(await post('/v1/seal', { ...forged, statement: { ...statement, by: 'lead-1' } })).toMatchObject({ status: 403 });
    expect((await get('/v1/seal')).body['sealed']).toBe(false);
  });

  const searched = process.platform === 'linux' ? ['memory', 'files', 'database'] : ['files', 'database'];
  it(`is gone from ${searched.join(', ')} once it is sealed`, async () => {
    const pid = keyholder().pid!;
    if (searched.includes('memory')) {
      // the search would find them: they are there while it works
      const there = foundInMemory(pid, raw(needles));
      expect(there).toEqual(expect.arrayContaining(['barrier key', 'key of the PRF', 'seed of the root key']));
      expect(there.filter((name) => name.startsWith('coefficients'))).toHaveLength(3);
    }
    const planted = path.join(stack.dataDir, 'planted');
    writeFileSync(planted, Buffer.from(shared.secrets.get('barrier key')!).toString('hex'));
    expect(foundInFiles(stack.dataDir, new Map([...needles].filter(([name]) => name === 'barrier key')))).toEqual([
      'barrier key in planted',
    ]);
    rmSync(planted);

    expect(await ctl('keys', 'seal', '--case', 'incident-7')).toMatchObject({
      code: 0,
      output: expect.stringContaining('sealed'),
    });
    await until(async () => (await get('/v1/seal').catch(() => undefined))?.body['sealed'] === true);
    expect(keyholder().pid).toBe(pid); // the same process from its beginning
    if (searched.includes('memory')) expect(foundInMemory(pid, needles)).toEqual([]);
    expect(foundInFiles(stack.dataDir, needles)).toEqual([]);
    expect(await foundInDatabase(stack.databases.superUrls.keyholder, needles)).toEqual([]);
    expect(await get('/health/ready')).toMatchObject({ status: 503, body: { checks: { unsealed: 'down' } } });
  });

  it('leaves a word of each unsealing and sealing in its log, and no person', async () => {
    const client = new pg.Client({ connectionString: stack.databases.superUrls.keyholder });
    await client.connect();
    const { rows } = await client.query<{ leaf: Buffer }>('SELECT leaf FROM keyholder.audit_entries ORDER BY 1');
    await client.end();
    const leaves = rows.map(({ leaf }) => JSON.parse(leaf.toString('utf8')) as Record<string, unknown>);
    const { ceremony } = shared.record;
    const indexes = ['erin', 'bertha', 'dave'].map((person) => shareOf(person).index);
    const about = leaves.flatMap((leaf) => [leaf['body'] as Record<string, unknown> | undefined, leaf]).filter((leaf) => leaf);
    expect(about).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ type: 'unsealed', mode: 'auto', shares: [] }),
        expect.objectContaining({ type: 'unsealed', mode: 'shares', ceremony, shares: indexes }),
        expect.objectContaining({ type: 'sealed', by: 'operator-1' }),
      ]),
    );
    for (const person of people) expect(JSON.stringify(leaves)).not.toContain(person);
  });

  it('ends on SIGTERM while sealed', async () => {
    expect(await keyholder().stop()).toEqual({ code: 0, signal: null });
    await sealedStart();
  });

  it('does not start where the configuration and the folder do not agree, nor by itself in production', async () => {
    await keyholder().stop();
    const { env, command } = stack.specs.keyholder;
    const start = async (change: Record<string, string>) =>
      promisify(execFile)(process.execPath, [...command], { env: { PATH: process.env['PATH'], ...env, ...change } }).then(
        () => 'started',
        (error: { stderr: string }) => error.stderr,
      );
    expect(await start({ NODE_ENV: 'development' })).toBe('the secrets are sealed for shares, KEYHOLDER_UNSEAL is auto\n');
    expect(await start({ NODE_ENV: 'production' })).toContain('KEYHOLDER_UNSEAL must be shares');
    writeFileSync(path.join(folders(stack.dataDir).keyholderSecrets, 'init-unfinished'), '', { mode: 0o600 });
    expect(await start(byShares)).toContain('init was interrupted');
    rmSync(path.join(folders(stack.dataDir).keyholderSecrets, 'init-unfinished'));
    await sealedStart();
  });
});
