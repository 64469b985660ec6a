/** A rotation that was cut off anywhere leaves the old key epoch or the new one, never half of it, and can be tried again. */
import { copyFileSync, existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { checkSelector, fromSelectorJson } from '#pseudonyms';
import { readPin } from '../../apps/keyholder/src/keys/pin.js';
import { World } from './keyholder-minting-world.js';
import { RequestDesk } from './keyholder-requests-world.js';

describe('a rotation that is cut off', () => {
  let world: World;
  let desk: RequestDesk;
  beforeEach(async () => {
    world = await World.open();
    desk = new RequestDesk(world);
  });
  afterEach(() => world.close());

  const file = (name: string) => path.join(world.folder, 'secrets', name);
  const request = () => desk.approved(desk.request('key-rotation', { what: 'scheme' }), 'lead-2', 'lead-3');
  const rotate = async () => desk.execute(await request());
  const named = () => readPin(readFileSync(file('keyholder-public.json'), 'utf8')).selectorKeys.map(({ keyEpoch }) => keyEpoch);
  const epochs = () => world.rows('SELECT number FROM keyholder.key_epochs ORDER BY number');
  const open = () => world.rows('SELECT DISTINCT key_epoch AS of FROM keyholder.cohorts WHERE open');
  const mintsUnder = async (keyEpoch: number) => {
    world.readPin();
    const { selector } = (await world.mintFor(await world.enrol())).answer;
    checkSelector(world.pinned, fromSelectorJson(selector, 16));
    expect(selector.keyEpoch).toBe(keyEpoch);
  };
  const ends = async () =>
    (await world.audit()).flatMap((leaf) => (leaf['kind'] === 'key-rotation' && leaf.type === 'executed' ? [leaf.index] : []));
  const endOf = async (index: number) => (await world.audit()).find(({ of }) => of === index)?.type;

  it.each([
    ['before its row', 'INSERT ON keyholder.key_epochs'],
    ['before its cohorts', 'INSERT ON keyholder.cohorts'],
    [
      'before the log has it',
      "INSERT ON keyholder.audit_entries FOR EACH ROW WHEN (convert_from(NEW.leaf, 'UTF8') LIKE '%key-epoch%')",
    ],
  ])(
    '%s is none: the old epoch goes on, also after a restart, and the next attempt makes secrets of its own',
    async (_, event) => {
      const timing = event.includes('FOR EACH') ? event : `${event} FOR EACH ROW`;
      await world.sql.query(
        `CREATE FUNCTION keyholder.cut() RETURNS trigger LANGUAGE plpgsql AS $$
         BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); PERFORM pg_sleep(1); RETURN NEW; END $$;
       ALTER FUNCTION keyholder.cut() SECURITY DEFINER;
       CREATE TRIGGER cut BEFORE ${timing} EXECUTE FUNCTION keyholder.cut()`,
      );
      expect((await rotate()).status).toBeGreaterThanOrEqual(500);
      expect(existsSync(file('scheme-secret-2'))).toBe(true); // written, and used by nobody
      const left = readFileSync(file('selector-key-2'));
      await world.sql.query('DROP FUNCTION keyholder.cut() CASCADE');
      expect([await epochs(), await open(), named()]).toEqual([[{ number: 1 }], [{ of: 1 }], [1]]);
      await mintsUnder(1);
      await world.restart();
      await mintsUnder(1);
      expect([await epochs(), named()]).toEqual([[{ number: 1 }], [1]]);
      const [announced] = await ends();
      expect(await endOf(announced!)).toBe('abandoned');

      expect((await rotate()).status).toBe(200);
      expect([await open(), named()]).toEqual([[{ of: 2 }], [1, 2]]);
      expect(readFileSync(file('selector-key-2')).equals(left)).toBe(false);
      await mintsUnder(2);
      await world.restart();
      await mintsUnder(2);
    },
  );

  it('after its commit is there: the next start writes the pin that others follow', async () => {
    await mintsUnder(1);
    copyFileSync(file('keyholder-public.json'), file('before'));
    expect((await rotate()).status).toBe(200);
    await world.app.close();
    copyFileSync(file('before'), file('keyholder-public.json'));
    world.app = await world.start();
    expect([await epochs(), named()]).toEqual([
      [{ number: 1 }, { number: 2 }],
      [1, 2],
    ]);
    await mintsUnder(2);
  });

  it('between the word of the log and the file is a destruction all the same: the next start ends it', async () => {
    for (const name of ['scheme-secret-1', 'selector-key-1']) copyFileSync(file(name), file(`${name}.kept`));
    expect((await rotate()).status).toBe(200);
    world.clock.advanceDays(1);
    await world.upkeep(); // nobody has a slot under the old one
    for (const name of ['scheme-secret-1', 'selector-key-1']) copyFileSync(file(`${name}.kept`), file(name));
    await world.restart();
    expect(readdirSync(path.join(world.folder, 'secrets')).filter((name) => /-1$/.test(name))).toEqual([]);
    expect(named()).toEqual([2]);
  });

  it('does not start without a secret that is in use, and says which is missing', async () => {
    expect((await rotate()).status).toBe(200);
    await world.app.close();
    copyFileSync(file('scheme-secret-2'), file('kept'));
    rmSync(file('scheme-secret-2'));
    await expect(world.start()).rejects.toThrow('the secrets folder has no scheme-secret-2');
    copyFileSync(file('kept'), file('scheme-secret-2'));
    world.app = await world.start();
  });

  it('is refused while as many key epochs are at work as may be', async () => {
    for (let i = 0; i < 2; i++) {
      await mintsUnder(1 + i);
      expect((await rotate()).status).toBe(200);
    }
    expect((await desk.make(desk.request('key-rotation', { what: 'scheme' }))).status).toBe(403);
  });
});
