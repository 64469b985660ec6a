/** Key rotation of a running service, as its operators do it: no process is restarted, and nothing that was made before it is lost. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import pg from 'pg';
import type { NymtallyClient } from '#client-sdk';
import { closeAndDecide } from '../../../apps/ctl/src/scenario/epochs.js';
import { Provider } from '../bad-input/provider.js';
import { approvedBy, ctlAt, succeeded } from '../ctl.js';

jest.setTimeout(180_000);

describe('a running service', () => {
  let provider: Provider;
  let person: NymtallyClient;
  const uris: string[] = [];
  beforeAll(async () => {
    provider = await Provider.start((document) => document);
    person = await provider.person(3);
    uris.push(...(await provider.mint(person, 1)));
  });
  afterAll(() => provider?.stop());

  const run = ctlAt(() => provider.stack);
  const ctl = (...args: string[]) => succeeded(run(...args));
  const approved = () =>
    approvedBy(run, ['lead-1', 'lead-2', 'lead-3'], ['request', 'key-rotation', '--case', 'ops-12', '--reason', 'yearly']);
  const execute = (id: string) => ctl('request', 'execute', id, '--as', 'lead-1');
  const keyEpochs = async () =>
    (await provider.rows<{ n: number }>('keyholder', 'SELECT number AS n FROM keyholder.key_epochs ORDER BY 1')).map(
      ({ n }) => n,
    );
  const said = (name: 'nyms' | 'correlator' | 'witness' | 'keyholder', event: string) =>
    provider.log(name).some((line) => line.event === event);
  const secret = (name: string) => existsSync(path.join(provider.stack.dataDir, 'keys', 'keyholder', name));

  it('begins a new key epoch by the approval of two leads', async () => {
    await execute(await approved());
    await provider.until(async () => said('keyholder', 'key-epoch-begun'));
    expect([secret('scheme-secret-1'), secret('scheme-secret-2')]).toEqual([true, true]);
    const status = await ctl('keys', 'status');
    expect(status).toMatch(/ 1 +│ winding-down .* 1 +│ goes \d{4}-\d\d-\d\d/);
    expect(status).toMatch(/ 2 +│ in-use .*needed/);
  });

  it('answers a mint later while nyms does not have the pin, and the same one once it has', async () => {
    const { id } = await person.prepare({ immediately: true });
    await expect(person.redeem(id)).rejects.toThrow();
    expect(said('nyms', 'pin-behind')).toBe(true);
    expect(await ctl('keys', 'pin')).toContain('names key epochs 1, 2');
    const outcome = await person.redeem(id);
    if (outcome.outcome !== 'minted') throw new Error(outcome.code);
    uris.push(outcome.pseudonym.uri);
    expect(await provider.rows('nyms', 'SELECT key_epoch AS of FROM pseudonyms.selectors ORDER BY 1')).toEqual([
      { of: 1 },
      { of: 2 },
    ]);
    const spent = await provider.rows('keyholder', 'SELECT 1 FROM keyholder.spent');
    expect(spent).toHaveLength(2); // the ticket counted once
  });

  it('decides over both keys: one report a hub on each pseudonym is enough only together', async () => {
    for (const uri of uris) for (const hub of [0, 1, 2, 3, 4]) await provider.tell(hub, uri);
    await closeAndDecide(provider.stack);
    expect(await provider.rows('keyholder', 'SELECT kind::text AS kind FROM keyholder.standings')).toEqual([{ kind: 'full' }]);
    const tallied = await provider.rows('nyms', 'SELECT DISTINCT key_epoch AS of FROM pseudonyms.selectors');
    expect(tallied).toHaveLength(2);
    for (const name of ['nyms', 'correlator', 'witness'] as const)
      expect([name, said(name, 'pin-changed')]).toEqual([name, true]);
  });

  it('killed in the middle of the next rotation has the old key epochs, says that it never happened, and does it when asked again', async () => {
    const id = await approved();
    const other = new pg.Client({ connectionString: provider.stack.databases.superUrls.keyholder });
    await other.connect();
    await other.query('BEGIN; LOCK TABLE keyholder.key_epochs IN SHARE MODE'); // read, and not written
    const answered = execute(id).then(
      () => 'done',
      () => 'failed',
    );
    await provider.until(async () => secret('scheme-secret-3'));
    await provider.stack.processes.keyholder.kill();
    await other.query('ROLLBACK');
    await other.end();
    await provider.stack.restart('keyholder');
    expect([await answered, await keyEpochs()]).toEqual(['failed', [1, 2]]);
    expect(await ctl('audit', 'tail')).toMatch(/executed .*key-rotation[^]*abandoned/);
    const [another] = await provider.mint(await provider.person(1), 1);
    const newest = 'SELECT key_epoch AS of FROM pseudonyms.selectors WHERE uri = $1';
    expect(await provider.rows('nyms', newest, [another])).toEqual([{ of: 2 }]);
    await execute(id);
    expect(await keyEpochs()).toEqual([1, 2, 3]);
    expect(await ctl('keys', 'pin')).toContain('names key epochs 1, 2, 3');
  });
});
