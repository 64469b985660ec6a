/**
 * What can befall the log of a key holder while it runs: its table, its witness. Nothing that must be evidenced first may happen then,
 * everything else goes on, and once the fault is over the log says what happened and what did not.
 */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { setTimeout as wait } from 'node:timers/promises';
import pg from 'pg';
import type { AuditLeaf } from '#audit';
import { deadlineMs, LogWorld, problemOf } from './keyholder-log-world.js';

/** A busy machine is slow; a request that hangs takes longer than that by far. */
const soonMs = 20 * deadlineMs;
let world: LogWorld;
const sql = (text: string) => world.sql(text);

/** What came of every act that was announced, in order. */
function outcomes(entries: readonly AuditLeaf[]): string[] {
  const ends = new Map(entries.flatMap(({ type, of }) => (of === undefined ? [] : [[of, type]])));
  return entries.flatMap(({ index, type }) => (type === 'act' ? [String(ends.get(index) ?? 'open')] : []));
}

/** An act is refused in time and does not happen, mints go on; once the fault is over the same act happens, once. */
async function holdsThrough(fault: () => Promise<unknown>, mend: () => Promise<unknown>): Promise<void> {
  const before = outcomes(await world.audit());
  const [id, count] = [Buffer.from(`${before.length}`.padStart(16, 'a')).toString('base64url'), await world.standings()];
  const { member } = await world.decisions.member(0);
  await fault();
  const asked = performance.now();
  const [refused, minted] = await Promise.all([world.act('suspend', id), world.decisions.mayMint(member)]);
  expect([refused.status, problemOf(refused)]).toEqual([503, '/errors/log-unavailable']);
  expect(performance.now() - asked).toBeLessThan(soonMs);
  expect([minted, await world.standings()]).toEqual([true, count]);
  await mend();
  for (const until = performance.now() + 20_000; (await world.act('suspend', id)).status !== 200; await wait(50))
    if (performance.now() > until) throw new Error('the act is refused though the fault is over');
  expect(await world.act('suspend', id)).toMatchObject({ status: 200 }); // the same receipt, and no second effect
  expect(await world.standings()).toBe(1);
  const after = outcomes(await world.audit()).slice(before.length);
  expect(after.filter((outcome) => outcome === 'completed')).toHaveLength(1);
  expect(new Set(after)).toEqual(new Set(after.length > 1 ? ['abandoned', 'completed'] : ['completed']));
  await world.act('reinstate');
}

describe('while the log cannot be written or cosigned, nothing happens that must be in it first', () => {
  beforeAll(async () => void (world = await LogWorld.open()));
  afterAll(() => world.close());

  it('when the disk is full', () =>
    holdsThrough(
      () =>
        sql(`CREATE FUNCTION public.no_space() RETURNS trigger LANGUAGE plpgsql AS
             $$ BEGIN RAISE EXCEPTION 'no space left on device' USING ERRCODE = 'disk_full'; END $$;
             CREATE TRIGGER no_space BEFORE INSERT ON keyholder.audit_entries EXECUTE FUNCTION public.no_space()`),
      () => sql('DROP TRIGGER no_space ON keyholder.audit_entries'),
    ));

  it('when the table is read-only', () =>
    holdsThrough(
      () => sql('REVOKE INSERT ON keyholder.audit_entries FROM keyholder'),
      () => sql('GRANT INSERT ON keyholder.audit_entries TO keyholder'),
    ));

  it('when only checkpoints cannot be kept', () =>
    holdsThrough(
      () => sql('REVOKE INSERT ON keyholder.audit_checkpoints FROM keyholder'),
      () => sql('GRANT INSERT ON keyholder.audit_checkpoints TO keyholder'),
    ));

  it('when the table is gone', () =>
    holdsThrough(
      () => sql('ALTER TABLE keyholder.audit_entries RENAME TO elsewhere'),
      () => sql('ALTER TABLE keyholder.elsewhere RENAME TO audit_entries'),
    ));

  it('when the table hangs past the deadline', async () => {
    const other = new pg.Client({ connectionString: world.base.database.superUrl });
    await other.connect();
    await holdsThrough(
      () => other.query('BEGIN; LOCK TABLE keyholder.audit_entries IN ACCESS EXCLUSIVE MODE'),
      () => other.query('ROLLBACK'),
    );
    await other.end();
  });

  it('when the witness is down', () =>
    holdsThrough(
      () => world.base.logWitness.stop(),
      () => world.base.logWitness.start(),
    ));

  it('when the witness hangs past the deadline', () =>
    holdsThrough(
      async () => (world.base.logWitness.misbehave = () => new Promise(() => undefined)),
      async () => {
        world.base.logWitness.misbehave = undefined;
        await world.base.logWitness.stop();
        await world.base.logWitness.start();
      },
    ));

  it.each([
    [409, 'has seen more than there is', `${2 ** 40}\n`],
    [422, 'has seen another history', ''],
    [403, 'does not know the key', ''],
    [200, 'signs something else', `\u2014 ${'nymtally/witness/log-witness-1'} ${Buffer.alloc(76).toString('base64')}\n`],
  ])('when the witness answers %i: it %s', (status, _, body) =>
    holdsThrough(
      async () => (world.base.logWitness.misbehave = async (_body, response) => void response.writeHead(status).end(body)),
      async () => (world.base.logWitness.misbehave = undefined),
    ),
  );

  it('does not fill the log while it is tried again and again', async () => {
    await world.base.logWitness.stop();
    await world.act();
    const before = (await world.stored()).leaves.length;
    for (let i = 0; i < 5; i++) expect((await world.act()).status).toBe(503);
    expect((await world.stored()).leaves.length).toBeLessThanOrEqual(before + 1); // the word that the first never happened
    await world.base.logWitness.start();
  });

  it('decides nothing either, and the same tree later', async () => {
    await world.audit();
    await world.base.logWitness.stop();
    const tree = await world.decisions.tree(1, []);
    const submit = () => world.decisions.submit(world.decisions.attest(tree), tree.ciphertexts);
    expect(await submit()).toMatchObject({ status: 503 });
    expect(await world.base.rows('SELECT 1 FROM keyholder.decided_trees')).toEqual([]);
    await world.base.logWitness.start();
    for (const until = performance.now() + 20_000; (await submit()).status !== 200; await wait(50))
      expect(performance.now()).toBeLessThan(until);
    expect(await world.base.rows('SELECT outcome FROM keyholder.decided_trees')).toEqual([{ outcome: 'decided' }]);
  });

  it('follows no new policy, goes on under the old one, and follows it as soon as it can', async () => {
    const versions = async () =>
      (await world.base.rows('SELECT policy_version AS version FROM keyholder.state')).map(({ version }) => version);
    await world.audit();
    await world.base.logWitness.stop();
    world.base.install({ ...world.decisions.document, version: 2 });
    await wait(3 * deadlineMs);
    expect(await versions()).toEqual([1]);
    expect(await world.decisions.mayMint((await world.decisions.member(0)).member)).toBe(true);
    await world.base.logWitness.start();
    for (const until = performance.now() + 20_000; (await versions())[0] !== 2; await wait(50))
      expect(performance.now()).toBeLessThan(until);
    expect((await world.audit()).some(({ type, version }) => type === 'policy' && version === 2)).toBe(true);
  });
});
