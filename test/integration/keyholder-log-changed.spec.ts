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

  it('by a rollback of the whole database is refused by who remembers, and begins another log that says so', async () => {
    const remembered = await judge(await world.stored(), world.trust);
    if (!remembered.isSound) throw new Error(remembered.fault);
    await world.base.app.close();
    const back = checkpoints.findLast(({ size }) => size < entries.length - 3)!;
    await world.tamper(`DELETE FROM keyholder.audit_checkpoints WHERE size > ${back.size}`);
    await world.tamper(`DELETE FROM keyholder.audit_entries WHERE sequence >= ${back.size}`);
    const rolledBack = await world.stored();
    expect(rolledBack.checkpoints.at(-1)).toBe(back.note);
    expect(await verifyLog(rolledBack.leaves, rolledBack.checkpoints, world.trust, remembered.checkpoint)).toMatchObject({
      isSound: false,
      fault: 'rollback',
    });
    world.base.app = await world.base.start();
    const [first] = await world.base.audit();
    expect(first).toMatchObject({ type: 'generation', number: 2, cause: 'rollback' });
    expect(String(first?.['before']).split('\n')[1]).toBe(String(entries.length));
    await world.base.restart(); // and it is opened once
    expect((await world.act()).status).toBe(403); // of that day: refused, and counted in the log
    await world.base.audit();
    expect((await world.base.rows('SELECT generation FROM keyholder.state'))[0]).toEqual({ generation: 2 });
  });

  it('however much is appended to it, too', async () => {
    await world.base.app.close();
    const { leaves } = await world.stored();
    await world.tamper('DELETE FROM keyholder.audit_checkpoints WHERE generation = 2 AND size > 1');
    await world.tamper('DELETE FROM keyholder.audit_entries WHERE generation = 2 AND sequence > 0');
    for (let index = 1; index < leaves.length + 3; index++) {
      const leaf = Buffer.from(`{"day":1,"index":${index},"type":"x","v":1}`).toString('hex');
      await world.tamper(`INSERT INTO keyholder.audit_entries (generation, sequence, leaf) VALUES (2, ${index}, '\\x${leaf}')`);
    }
    world.base.app = await world.base.start();
    expect((await world.base.audit())[0]).toMatchObject({ type: 'generation', number: 3, cause: 'rollback' });
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
