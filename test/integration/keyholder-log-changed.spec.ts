/** What outsiders do to the database or the clock of a key holder: found by the key holder, its witness and whoever checks the log. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { parseLeaf, verifyLog } from '#audit';
import { judge } from './keyholder-log.js';
import { LogWorld, problemOf } from './keyholder-log-world.js';

let world: LogWorld;

describe('a log that was changed', () => {
  beforeAll(async () => {
    world = await LogWorld.open();
    for (const type of ['suspend', 'reinstate', 'suspend', 'reinstate'] as const) await world.act(type);
    await world.audit();
  });
  afterAll(() => world.close());
  let entries: { sequence: number; leaf: Buffer }[];
  let checkpoints: { size: number; note: string }[];
  beforeEach(async () => {
    entries = (await world.base.sql.query('SELECT * FROM keyholder.audit_entries ORDER BY sequence')).rows;
    checkpoints = (await world.base.sql.query('SELECT * FROM keyholder.audit_checkpoints ORDER BY size')).rows;
    expect(checkpoints.at(-1)?.size).toBe(entries.length);
  });

  it('by an edited entry is found by the auditor and by the key holder when it starts', async () => {
    const [, , edited] = entries;
    const leaf = parseLeaf(edited!.leaf)!;
    const other = Buffer.from(edited!.leaf.toString('utf8').replace(`"type":"${leaf.type}"`, '"type":"force"'));
    await world.base.app.close();
    await world.tamper(`UPDATE keyholder.audit_entries SET leaf = '\\x${other.toString('hex')}' WHERE sequence = 2`);
    expect(await judge(await world.stored(), world.trust)).toMatchObject({
      isSound: false,
      fault: expect.stringMatching(/edit|fork/),
    });
    await expect(world.base.start()).rejects.toThrow('are not those that were signed');
    await world.tamper(`UPDATE keyholder.audit_entries SET leaf = '\\x${edited!.leaf.toString('hex')}' WHERE sequence = 2`);
    world.base.app = await world.base.start();
    await world.audit();
  });

  it('by a dropped entry, in the middle or at the end, is found too', async () => {
    await world.base.app.close();
    for (const sequence of [1, entries.length - 1]) {
      await world.tamper(`CREATE TABLE public.kept AS SELECT * FROM keyholder.audit_entries WHERE sequence = ${sequence}`);
      await world.tamper(`DELETE FROM keyholder.audit_entries WHERE sequence = ${sequence}`);
      expect(await judge(await world.stored(), world.trust)).toMatchObject({
        isSound: false,
        fault: sequence === 1 ? 'gap' : 'rollback',
      });
      await expect(world.base.start()).rejects.toThrow(sequence === 1 ? 'entry 1 is missing' : 'were signed');
      await world.tamper('INSERT INTO keyholder.audit_entries SELECT * FROM public.kept; DROP TABLE public.kept');
    }
    world.base.app = await world.base.start();
    await world.audit();
  });

  it('by entries that vanish while it runs gets nothing new', async () => {
    await world.tamper(`CREATE TABLE public.kept AS SELECT * FROM keyholder.audit_entries WHERE sequence > 2`);
    await world.tamper('DELETE FROM keyholder.audit_entries WHERE sequence > 2');
    expect(problemOf(await world.act())).toBe('/errors/log-unavailable');
    await world.tamper('INSERT INTO keyholder.audit_entries SELECT * FROM public.kept; DROP TABLE public.kept');
    expect((await world.act()).status).toBe(200);
    await world.act('reinstate');
    await world.audit();
  });

  it('by a rollback of the whole database is refused by the witness, however much is appended, and by who remembers', async () => {
    const remembered = await judge(await world.stored(), world.trust);
    if (!remembered.isSound) throw new Error(remembered.fault);
    await world.base.app.close();
    const back = checkpoints.findLast(({ size }) => size < entries.length - 3)!;
    await world.tamper(`DELETE FROM keyholder.audit_checkpoints WHERE size > ${back.size}`);
    await world.tamper(`DELETE FROM keyholder.audit_entries WHERE sequence >= ${back.size}`);
    world.base.app = await world.base.start(); // to itself it is whole
    for (let i = 0; i < 3; i++) expect(problemOf(await world.act())).toBe('/errors/log-unavailable');
    expect(await world.standings()).toBe(0);
    const later = Buffer.from('{"day":1,"index":0,"type":"x","v":1}');
    for (let index = (await world.stored()).leaves.length; index < entries.length + 3; index++) {
      const leaf = Buffer.from(later.toString('utf8').replace('"index":0', `"index":${index}`));
      await world.tamper(`INSERT INTO keyholder.audit_entries (sequence, leaf) VALUES (${index}, '\\x${leaf.toString('hex')}')`);
    }
    await world.base.restart();
    expect(problemOf(await world.act())).toBe('/errors/log-unavailable'); // 422 now: longer, and not the same history
    expect(world.base.logWitness.alarms).toBeGreaterThan(0);
    const rolledBack = await world.stored();
    expect(rolledBack.checkpoints.at(-1)).toBe(back.note);
    expect(await verifyLog(rolledBack.leaves, rolledBack.checkpoints, world.trust, remembered.checkpoint)).toMatchObject({
      isSound: false,
      fault: 'rollback',
    });
  });
});

describe('time', () => {
  beforeAll(async () => void (world = await LogWorld.open()));
  afterAll(() => world.close());

  it('that goes back changes no order: days never fall, and the log goes on', async () => {
    await world.act('suspend');
    world.base.clock.advanceDays(-3);
    expect((await world.act('reinstate')).status).toBe(200);
    await world.base.restart();
    expect((await world.act('suspend')).status).toBe(200);
    const days = (await world.audit()).map(({ day }) => day);
    expect(days).toEqual(days.toSorted((a, b) => a - b));
    expect(days.at(-1)).toBe(world.base.clock.today() + 3);
  });
});
