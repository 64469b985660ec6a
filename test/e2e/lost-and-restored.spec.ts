/**
 * A key holder's life, as its people live it on a running service: a shadow policy, a ceremony, a key rotation, a backup, the loss of database
 * and folder, a restore, and going on. Each works on what the ones before have left.
 */
import { rmSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import pg from 'pg';
import { ClientProblem, NymtallyClient } from '#client-sdk';
import { DAY_MS, shadowAnswer } from '#contracts';
import { closeAndDecide } from '../../apps/ctl/src/scenario/epochs.js';
import { folders } from '../../apps/ctl/src/stack/app-specs.js';
import { migrate, migrationsOf } from '../../apps/ctl/src/stack/migrate.js';
import { restrictConnections, rolesOf } from '../../apps/ctl/src/stack/roles.js';
import { root } from '../../apps/ctl/src/stack/root.js';
import { Provider } from './bad-input/provider.js';
import { approvedBy, ctlAt, succeeded } from './ctl.js';
import { giveToPeople } from './sealing/shared-secrets.js';
import type { SharedSecrets } from './sealing/shared-secrets.js';

jest.setTimeout(240_000);

const why = ['--case', 'ops-1', '--reason', 'a reason'] as const;
const operators = ['operator-1', 'operator-2'] as const;
const leads = ['lead-1', 'lead-2', 'lead-3'] as const;

describe("a key holder's people", () => {
  let provider: Provider;
  let shared: SharedSecrets;
  let days = 0;
  let digest = '';
  /** `cohort/slot` → handle, of every position that was ever given. */
  const given = new Map<string, string>();
  const clients = new Map<string, NymtallyClient>();
  const uris = new Map<string, string>();

  const ctl = ctlAt(() => provider.stack);
  const keyholder = () => provider.stack.processes.keyholder;
  const now = () => new Date(Date.now() + days * DAY_MS);
  const offset = (name: string) => ({ [`${name.toUpperCase()}_CLOCK_OFFSET_DAYS`]: String(days) });
  const backup = () => path.join(provider.stack.dataDir, 'backup');

  const execute = async (by: readonly string[], ask: readonly string[]) =>
    succeeded(ctl('request', 'execute', await approvedBy(ctl, by, [...ask, ...why]), '--as', by[0]!));
  const startSealed = async () => {
    keyholder().spawn({ KEYHOLDER_UNSEAL: 'shares', ...offset('keyholder') });
    await provider.until(async () => (await keyholder().answers('/health/live')) === 200);
  };
  const unseal = async (...people: readonly string[]) => {
    for (const person of people) {
      const file = shared.shares.find((one) => one.person === person)!.file;
      await succeeded(ctl('keys', 'unseal', file, '--passphrase-file', path.join(shared.passphrases, person)));
    }
    await keyholder().ready();
  };
  const enrol = async (account: string) => {
    const { urls, issuer } = provider.stack;
    const claims = () => ({ iat: Math.floor(now().getTime() / 1_000), exp: Math.floor(now().getTime() / 1_000) + 3_600 });
    const client = new NymtallyClient({
      registrarUrl: urls.registrar,
      nymsUrl: urls.nyms,
      rootFingerprint: (JSON.parse(provider.config('keyholder-public.json')) as { rootFingerprint: string }).rootFingerprint,
      domain: provider.stack.policy().domain,
      accessToken: () => issuer.mint(account, { claims: claims() }),
      now,
    });
    clients.set(account, client);
    await client.enrol();
  };
  const mint = async (account: string, name: string) => {
    const client = clients.get(account)!;
    await client.takeTickets(1);
    uris.set(name, (await provider.mint(client, 1))[0]!);
    await notePositions();
  };
  async function notePositions(): Promise<void> {
    type Row = { cohort: number; slot: number; handle: string };
    const asked = "SELECT cohort, slot, encode(handle, 'hex') AS handle FROM keyholder.positions";
    for (const { cohort, slot, handle } of await provider.rows<Row>('keyholder', asked)) {
      expect(given.get(`${cohort}/${slot}`) ?? handle).toBe(handle);
      given.set(`${cohort}/${slot}`, handle);
    }
  }
  const selector = async (name: string) => {
    type Row = { keyEpoch: number; cohort: number };
    const asked = 'SELECT key_epoch AS "keyEpoch", cohort FROM pseudonyms.selectors WHERE uri = $1 ORDER BY period DESC LIMIT 1';
    return (await provider.rows<Row>('nyms', asked, [uris.get(name)!]))[0]!;
  };
  const report = async (name: string, hubs: readonly number[]) => {
    for (const hub of hubs) await provider.tell(hub, uris.get(name)!);
  };
  const standings = async () => (await provider.rows('keyholder', 'SELECT 1 FROM keyholder.standings')).length;

  beforeAll(async () => {
    provider = await Provider.start((document) => document);
    await Promise.all(['ann', 'ben', 'cleo', 'dora'].map(enrol));
    await mint('ann', 'first');
    await mint('ben', 'early');
  });
  afterAll(() => provider?.stop());

  it('try other weights in a shadow, which has tallies of its own once an epoch is decided', async () => {
    const file = path.join(provider.stack.dataDir, 'shadow.json');
    await succeeded(ctl('policy', 'draft', '--file', file, '--set', 'weights.kick=9'));
    await execute(operators, ['policy', 'shadow', '--ask', '--file', file]);
    await report('early', [0, 1, 2]);
    const { epoch } = await closeAndDecide(provider.stack);
    const reports = async () => shadowAnswer.parse(JSON.parse(await succeeded(ctl('policy', 'shadow', '--json')))).reports;
    await provider.until(async () => (await reports()).length > 0);
    expect(await reports()).toMatchObject([{ epoch, side: 'negative', version: 2 }]);
    expect(await succeeded(ctl('policy', 'shadow'))).toContain('counted on tallies of its own');
    const trees = 'SELECT policy, outcome FROM tallies.trees WHERE side = $1 ORDER BY policy';
    const outcomes = () => provider.rows<{ policy: string; outcome: string | null }>('nyms', trees, ['negative']);
    await provider.until(async () => (await outcomes()).every(({ outcome }) => outcome !== null)); // it has its answer a moment later
    expect(await outcomes()).toEqual([
      { policy: 'live', outcome: 'decided' },
      { policy: 'shadow', outcome: 'decided' },
    ]);
  });

  it('take its secrets into their hands, and it is the same once three of them have come', async () => {
    await keyholder().stop();
    shared = await giveToPeople(provider.stack, ['alice', 'bob', 'carol', 'dave', 'erin'], 3);
    await startSealed();
    expect(await keyholder().answers('/health/ready')).toBe(503);
    await unseal('alice', 'bob', 'carol');
    await mint('ben', 'second');
    expect(await selector('second')).toMatchObject({ keyEpoch: 1 });
  });

  it('rotate its key while it runs, and both keys open after it was sealed again', async () => {
    await execute(leads, ['request', 'key-rotation']);
    await succeeded(ctl('keys', 'pin'));
    await mint('cleo', 'third');
    expect(await selector('third')).toMatchObject({ keyEpoch: 2 });
    await keyholder().stop();
    await startSealed();
    await unseal('carol', 'dave', 'erin');
    for (const name of ['second', 'third']) await report(name, [0, 1, 2]);
    await closeAndDecide(provider.stack);
    expect(await standings()).toBe(0);
  });

  it('back it up, lose it, and restore it: sealed as it was, and their shares still open it', async () => {
    digest = /apart from the backup: (\w+)/.exec(await succeeded(ctl('backup', backup())))![1]!;
    await mint('dora', 'lost'); // her only one: two of an account in one cohort share a position, and that would be known
    await keyholder().kill();
    await emptyDatabase();
    rmSync(folders(provider.stack.dataDir).keyholderSecrets, { recursive: true });
    expect((await ctl('restore', backup(), '--digest', '0'.repeat(64))).output).toContain('not the one that was written down');
    await succeeded(ctl('restore', backup(), '--digest', digest));
    await startSealed();
    expect(await keyholder().answers('/health/ready')).toBe(503);
    await unseal('alice', 'dave', 'erin');
    const minted = async () => (await provider.rows('nyms', 'SELECT 1 FROM pseudonyms.pseudonyms')).length;
    const before = await minted();
    const refused = await mint('ben', 'too early').catch((error: unknown) => error);
    expect([refused, await minted()]).toEqual([expect.any(ClientProblem), before]);
    expect((refused as ClientProblem).code).toBe('service-unavailable');
  });

  it('name the last decided epoch, and rotate again in the generation that began', async () => {
    type Row = { last: number };
    const [{ last }] = (await provider.rows<Row>('nyms', 'SELECT max(epoch) AS last FROM tallies.manifests')) as [Row];
    await execute(operators, ['request', 'restore', String(last)]);
    await execute(leads, ['request', 'key-rotation']);
    await succeeded(ctl('keys', 'pin'));
    const folder = path.join(provider.stack.dataDir, 'log');
    await succeeded(ctl('audit', 'export', folder));
    expect(await succeeded(ctl('audit', 'verify', folder))).toMatch(/generation 2/);
  });

  it('see it mint the next day where nobody ever was', async () => {
    days = 1;
    for (const name of ['registrar', 'nyms', 'correlator', 'witness'] as const) await provider.stack.processes[name].stop();
    await keyholder().stop();
    await provider.stack.restart('witness', offset('witness'));
    await startSealed();
    await unseal('bob', 'carol', 'erin');
    for (const name of ['registrar', 'nyms', 'correlator'] as const) await provider.stack.restart(name, offset(name));
    await mint('ann', 'fourth');
    expect(await selector('fourth')).toMatchObject({ keyEpoch: 3 });
    expect((await selector('fourth')).cohort).toBeGreaterThanOrEqual(2 ** 20);
  });

  it('see it decide over all keys and both generations, and what was lost count for nobody', async () => {
    for (const name of ['first', 'fourth']) await report(name, [1, 2, 3, 4, 5]); // one each is enough only together
    for (let i = 0; i < 2; i++) await report('lost', [1, 2, 3, 4, 5]);
    await closeAndDecide(provider.stack);
    expect(await standings()).toBe(1);
    await provider.until(async () => (await clients.get('ann')!.standing()).standing === 'suspended');
    expect((await clients.get('dora')!.standing()).standing).toBe('active');
  });

  async function emptyDatabase(): Promise<void> {
    const url = new URL(provider.stack.databases.superUrls.keyholder);
    const name = url.pathname.slice(1);
    const client = new pg.Client({ connectionString: new URL('/postgres', url).href });
    await client.connect();
    await client.query(`DROP DATABASE ${name} WITH (FORCE)`);
    await client.query(`CREATE DATABASE ${name}`);
    await restrictConnections(client, name, rolesOf.keyholder);
    await client.end();
    await migrate(url.href, migrationsOf('keyholder', root));
  }
});
