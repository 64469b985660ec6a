/**
 * What can befall the log of a key holder: its table, its witness, its history, its clock. Nothing that must be evidenced first may
 * happen then, everything else goes on, and once the fault is over the log says what happened and what did not.
 */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { setTimeout as wait } from 'node:timers/promises';
import pg from 'pg';
import type { AuditLeaf } from '#audit';
import { parseLeaf, verifyLog } from '#audit';
import { DecisionsWorld, type Pseudonym, type Sent } from './keyholder-decisions-world.js';
import { judge, storedLog, trustIn } from './keyholder-log.js';

const deadlineMs = 500;
/** A busy machine is slow; a request that hangs takes longer than that by far. */
const soonMs = 20 * deadlineMs;
const problemOf = ({ text }: Sent): string => (JSON.parse(text) as { type: string }).type;

let world: DecisionsWorld;
let pseudonyms: Pseudonym[];
const open = async () => {
  world = await DecisionsWorld.open({}, { auditDeadlineMs: deadlineMs });
  ({ pseudonyms } = await world.member(1));
};
const standings = async () => (await world.base.rows('SELECT handle FROM keyholder.standings')).length;
const act = (type: 'suspend' | 'reinstate' = 'suspend', id?: string) =>
  world.act(type, pseudonyms[0]!, id === undefined ? {} : { id });
const sql = (text: string) => world.base.sql.query(text);
/** As somebody who owns the database and means no good. */
const tamper = async (text: string) => {
  await sql('SET session_replication_role = replica');
  await sql(text).finally(() => sql('RESET session_replication_role'));
};
const stored = () => storedLog(world.base.sql);
const trust = () => trustIn(world.base.pin, world.base.logWitness);
/** What came of every act that was announced, in order. */
function outcomes(entries: readonly AuditLeaf[]): string[] {
  const ends = new Map(entries.flatMap(({ type, of }) => (of === undefined ? [] : [[of, type]])));
  return entries.flatMap(({ index, type }) => (type === 'act' ? [String(ends.get(index) ?? 'open')] : []));
}

/** An act is refused in time and does not happen, mints go on; once the fault is over the same act happens, once. */
async function holdsThrough(fault: () => Promise<unknown>, mend: () => Promise<unknown>): Promise<void> {
  const before = outcomes(await world.audit());
  const [id, count] = [Buffer.from(`${before.length}`.padStart(16, 'a')).toString('base64url'), await standings()];
  const { member } = await world.member(0);
  await fault();
  const asked = performance.now();
  const [refused, minted] = await Promise.all([act('suspend', id), world.mayMint(member)]);
  expect([refused.status, problemOf(refused)]).toEqual([503, '/errors/log-unavailable']);
  expect(performance.now() - asked).toBeLessThan(soonMs);
  expect([minted, await standings()]).toEqual([true, count]);
  await mend();
  for (const until = performance.now() + 20_000; (await act('suspend', id)).status !== 200; await wait(50))
    if (performance.now() > until) throw new Error('the act is refused though the fault is over');
  expect(await act('suspend', id)).toMatchObject({ status: 200 }); // the same receipt, and no second effect
  expect(await standings()).toBe(1);
  const after = outcomes(await world.audit()).slice(before.length);
  expect(after.filter((outcome) => outcome === 'completed')).toHaveLength(1);
  expect(new Set(after)).toEqual(new Set(after.length > 1 ? ['abandoned', 'completed'] : ['completed']));
  await act('reinstate');
}

describe('while the log cannot be written or cosigned, nothing happens that must be in it first', () => {
  beforeAll(open);
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
    await act();
    const before = (await stored()).leaves.length;
    for (let i = 0; i < 5; i++) expect((await act()).status).toBe(503);
    expect((await stored()).leaves.length).toBeLessThanOrEqual(before + 1); // the word that the first never happened
    await world.base.logWitness.start();
  });

  it('decides nothing either, and the same tree later', async () => {
    await world.audit();
    await world.base.logWitness.stop();
    const tree = await world.tree(1, []);
    const submit = () => world.submit(world.attest(tree), tree.ciphertexts);
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
    world.base.install({ ...world.document, version: 2 });
    await wait(3 * deadlineMs);
    expect(await versions()).toEqual([1]);
    expect(await world.mayMint((await world.member(0)).member)).toBe(true);
    await world.base.logWitness.start();
    for (const until = performance.now() + 20_000; (await versions())[0] !== 2; await wait(50))
      expect(performance.now()).toBeLessThan(until);
    expect((await world.audit()).some(({ type, version }) => type === 'policy' && version === 2)).toBe(true);
  });
});

describe('a log that was changed', () => {
  beforeAll(async () => {
    await open();
    for (const type of ['suspend', 'reinstate', 'suspend', 'reinstate'] as const) await act(type);
    await world.audit();
  });
  afterAll(() => world.close());
  const present = 'generation = (SELECT generation FROM keyholder.state)';
  let entries: { sequence: number; leaf: Buffer }[];
  let checkpoints: { size: number; note: string }[];
  beforeEach(async () => {
    entries = (await world.base.sql.query(`SELECT * FROM keyholder.audit_entries WHERE ${present} ORDER BY sequence`)).rows;
    checkpoints = (await world.base.sql.query(`SELECT * FROM keyholder.audit_checkpoints WHERE ${present} ORDER BY size`)).rows;
    expect(checkpoints.at(-1)?.size).toBe(entries.length);
  });

  it('by an edited entry is found by the auditor and by the key holder when it starts', async () => {
    const [, , edited] = entries;
    const leaf = parseLeaf(edited!.leaf)!;
    const other = Buffer.from(edited!.leaf.toString('utf8').replace(`"type":"${leaf.type}"`, '"type":"force"'));
    await world.base.app.close();
    await tamper(`UPDATE keyholder.audit_entries SET leaf = '\\x${other.toString('hex')}' WHERE sequence = 2`);
    expect(await judge(await stored(), trust())).toMatchObject({ isSound: false, fault: expect.stringMatching(/edit|fork/) });
    await expect(world.base.start()).rejects.toThrow('are not those that were signed');
    await tamper(`UPDATE keyholder.audit_entries SET leaf = '\\x${edited!.leaf.toString('hex')}' WHERE sequence = 2`);
    world.base.app = await world.base.start();
    await world.audit();
  });

  it('by a dropped entry, in the middle or at the end, is found too', async () => {
    await world.base.app.close();
    for (const sequence of [1, entries.length - 1]) {
      await tamper(`CREATE TABLE public.kept AS SELECT * FROM keyholder.audit_entries WHERE sequence = ${sequence}`);
      await tamper(`DELETE FROM keyholder.audit_entries WHERE sequence = ${sequence}`);
      expect(await judge(await stored(), trust())).toMatchObject({ isSound: false, fault: sequence === 1 ? 'gap' : 'rollback' });
      await expect(world.base.start()).rejects.toThrow(sequence === 1 ? 'entry 1 is missing' : 'were signed');
      await tamper('INSERT INTO keyholder.audit_entries SELECT * FROM public.kept; DROP TABLE public.kept');
    }
    world.base.app = await world.base.start();
    await world.audit();
  });

  it('by entries that vanish while it runs gets nothing new', async () => {
    await tamper(`CREATE TABLE public.kept AS SELECT * FROM keyholder.audit_entries WHERE sequence > 2`);
    await tamper('DELETE FROM keyholder.audit_entries WHERE sequence > 2');
    expect(problemOf(await act())).toBe('/errors/log-unavailable');
    await tamper('INSERT INTO keyholder.audit_entries SELECT * FROM public.kept; DROP TABLE public.kept');
    expect((await act()).status).toBe(200);
    await act('reinstate');
    await world.audit();
  });

  it('by a rollback of the whole database is refused by who remembers, and begins another log that says so', async () => {
    const remembered = await judge(await stored(), trust());
    if (!remembered.isSound) throw new Error(remembered.fault);
    await world.base.app.close();
    const back = checkpoints.findLast(({ size }) => size < entries.length - 3)!;
    await tamper(`DELETE FROM keyholder.audit_checkpoints WHERE size > ${back.size}`);
    await tamper(`DELETE FROM keyholder.audit_entries WHERE sequence >= ${back.size}`);
    const rolledBack = await stored();
    expect(rolledBack.checkpoints.at(-1)).toBe(back.note);
    expect(await verifyLog(rolledBack.leaves, rolledBack.checkpoints, trust(), remembered.checkpoint)).toMatchObject({
      isSound: false,
      fault: 'rollback',
    });
    world.base.app = await world.base.start();
    const [first] = await world.base.audit();
    expect(first).toMatchObject({ type: 'generation', number: 2, cause: 'rollback' });
    expect(String(first?.['before']).split('\n')[1]).toBe(String(entries.length));
    await world.base.restart(); // and it is opened once
    await world.audit();
    expect((await world.base.rows('SELECT generation FROM keyholder.state'))[0]).toEqual({ generation: 2 });
  });

  it('however much is appended to it, too', async () => {
    await world.base.app.close();
    const { leaves } = await stored();
    await tamper('DELETE FROM keyholder.audit_checkpoints WHERE generation = 2 AND size > 1');
    await tamper('DELETE FROM keyholder.audit_entries WHERE generation = 2 AND sequence > 0');
    for (let index = 1; index < leaves.length + 3; index++) {
      const leaf = Buffer.from(`{"day":1,"index":${index},"type":"x","v":1}`).toString('hex');
      await tamper(`INSERT INTO keyholder.audit_entries (generation, sequence, leaf) VALUES (2, ${index}, '\\x${leaf}')`);
    }
    world.base.app = await world.base.start();
    expect((await world.base.audit())[0]).toMatchObject({ type: 'generation', number: 3, cause: 'rollback' });
  });
});

describe('time', () => {
  beforeAll(open);
  afterAll(() => world.close());

  it('that goes back changes no order: days never fall, and the log goes on', async () => {
    await act('suspend');
    world.base.clock.advanceDays(-3);
    expect((await act('reinstate')).status).toBe(200);
    await world.base.restart();
    expect((await act('suspend')).status).toBe(200);
    const days = (await world.audit()).map(({ day }) => day);
    expect(days).toEqual(days.toSorted((a, b) => a - b));
    expect(days.at(-1)).toBe(world.base.clock.today() + 3);
  });
});
