/** Backup and restore of a key holder that mints: what was lost is used by nobody again, and nothing goes on before people have spoken. */
import {
  appendFileSync,
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { parseCheckpoint } from '#audit';
import { auditOrigin, type ApprovalRequest } from '#contracts';
import { backUp, restore } from '../../apps/ctl/src/backup/backup.js';
import { World } from './keyholder-minting-world.js';
import type { Answer, Member, Redemption } from './keyholder-minting-world.js';
import { RequestDesk } from './keyholder-requests-world.js';

let world: World;
let desk: RequestDesk;
let folder: string;
let digest = '';
let early: { member: Member; answer: Answer; redemption: Redemption };
let lost: typeof early;
let unused: Uint8Array;
const given = new Map<string, string>();

const backup = () => path.join(folder, 'backup');
const place = () => ({ databaseUrl: world.database.urlFor('keyholder'), secretsDir: path.join(world.folder, 'secrets') });
const codeOf = ({ status, text }: Answer) => `${status} ${(JSON.parse(text) as { type?: string }).type ?? ''}`;
const unfinished = '503 /errors/restore-unfinished';
const generation = async () => (await world.rows('SELECT generation FROM keyholder.state'))[0]?.['generation'];
const mintAs = async (member: Member) => ({ member, ...(await world.mintFor(member)) });
/** Every position that was ever given, and to whom: none may be another's later. */
async function notePositions(): Promise<void> {
  const rows = await world.rows(`SELECT cohort, slot, encode(handle, 'hex') AS handle FROM keyholder.positions`);
  for (const { cohort, slot, handle } of rows) {
    const key = `${cohort as number}/${slot as number}`;
    expect(given.get(key) ?? handle).toBe(handle);
    given.set(key, handle as string);
  }
}
async function loseAndRestore(): Promise<void> {
  await world.app.close();
  await world.replaceDatabase();
  rmSync(place().secretsDir, { recursive: true });
  await restore(backup(), place(), digest);
  world.app = await world.start();
}
async function nameLastDecided(restored: number, lastDecided: number): Promise<void> {
  const request = desk.request('restore', { restored, lastDecided }, { requester: 'operator-1', generation: restored });
  expect(await desk.done(request, ['operator-2'])).toEqual({ output: 'nothing' });
}

beforeAll(async () => {
  world = await World.open();
  desk = new RequestDesk(world);
  folder = mkdtempSync(path.join(os.tmpdir(), 'backup-'));
});
afterAll(async () => {
  await world.close();
  rmSync(folder, { recursive: true });
});

describe('a backup', () => {
  it('is of one moment, while mints go on', async () => {
    early = await mintAs(await world.enrol());
    expect(early.answer.status).toBe(200);
    const members = await Promise.all(Array.from({ length: 6 }, () => world.enrol()));
    const [made, ...answers] = await Promise.all([backUp(backup(), place()), ...members.map((member) => world.mintFor(member))]);
    expect(answers.map(({ answer }) => answer.status)).toEqual(members.map(() => 200));
    expect(made.isOpen).toBe(true);
    ({ digest } = made);
    lost = await mintAs(await world.enrol());
    unused = await world.ticketFor(early.member);
    await notePositions();
    expect(given.size).toBeGreaterThanOrEqual(8);
    await world.audit();
  });

  it('holds no secret in the clear but the file that opens it in development', () => {
    const files = readdirSync(path.join(backup(), 'secrets'));
    expect(files).toEqual(
      expect.arrayContaining(['auto-unseal.key', 'generation', 'root-key', 'seal.json', 'wrap']),
    );
    expect(readFileSync(path.join(backup(), 'secrets', 'root-key')).includes('PRIVATE KEY')).toBe(false);
  });

  it.each<readonly [string, () => void, string]>([
    [
      'an edited table',
      () =>
        writeFileSync(
          at('database/handles.copy'),
          readFileSync(at('database/handles.copy'), 'utf8').replace(/[0-9a-f](?=\t)/, 'g'),
        ),
      'was changed',
    ],
    ['a longer table', () => appendFileSync(at('database/spent.copy'), '\n'), 'was changed'],
    ['a table that is cut off', () => truncateSync(at('database/audit_entries.copy'), 100), 'is cut off'],
    ['a table that is missing', () => rmSync(at('database/positions.copy')), 'lacks database/positions.copy'],
    ['an edited secret', () => writeFileSync(at('secrets/prf-key'), Buffer.alloc(60)), 'was changed'],
    ['a secret that is missing', () => rmSync(at('secrets/seal.json')), 'lacks secrets/seal.json'],
    ['a manifest that is cut off', () => truncateSync(at('manifest.json'), 300), 'manifest.json is damaged'],
    [
      'an edited manifest',
      () => writeFileSync(at('manifest.json'), readFileSync(at('manifest.json'), 'utf8').replace('"bytes": ', '"bytes": 1')),
      'manifest.json is damaged',
    ],
    ['no manifest', () => rmSync(at('manifest.json')), 'is no backup'],
  ])('with %s is refused in one line, and nothing is written', async (_what, spoil, words) => {
    cpSync(backup(), spoilt(), { recursive: true });
    spoil();
    const target = { databaseUrl: place().databaseUrl, secretsDir: path.join(folder, 'nowhere') };
    await expect(restore(spoilt(), target)).rejects.toThrow(words);
    expect([existsSync(target.secretsDir), existsSync(`${target.secretsDir}.restoring`)]).toEqual([false, false]);
    rmSync(spoilt(), { recursive: true });
  });

  it('overwrites neither a database nor a folder, and knows the digest that was written down', async () => {
    const secretsDir = path.join(folder, 'nowhere');
    await expect(restore(backup(), { ...place(), secretsDir })).rejects.toThrow('the database is not empty');
    expect([existsSync(secretsDir), existsSync(`${secretsDir}.restoring`)]).toEqual([false, false]);
    await expect(restore(backup(), place())).rejects.toThrow('is not empty');
    await expect(restore(backup(), place(), '0'.repeat(64))).rejects.toThrow('not the one that was written down');
    await expect(backUp(backup(), place())).rejects.toThrow('is not empty');
  });
});

const spoilt = () => path.join(folder, 'spoilt');
const at = (name: string) => path.join(spoilt(), name);

describe('a key holder that was restored', () => {
  it('begins a new generation, whose log names what the witness holds of the one before', async () => {
    const before = (await world.audit()).length;
    await loseAndRestore();
    expect(await generation()).toBe(2);
    const [first] = await world.audit();
    expect(first).toMatchObject({ type: 'generation', number: 2, cause: 'restored' });
    const held = String(first?.['before']);
    const { origin, size } = parseCheckpoint(held.slice(0, held.indexOf('\n\n') + 1));
    expect(origin).toBe(auditOrigin(world.pin.keyHolderId));
    expect(size).toBeGreaterThanOrEqual(before);
  });

  it('mints, renews and decides nothing until people have named the last decided epoch', async () => {
    expect(codeOf((await world.mintFor(early.member)).answer)).toBe(unfinished);
    expect(codeOf(await world.renew(early.answer.selector, early.redemption, early.answer.selector.period + 1))).toBe(unfinished);
    expect(codeOf(await world.send('/v1/decisions', new Uint8Array(8), 'correlator'))).toBe(unfinished);
    await world.restart();
    expect(codeOf((await world.mintFor(early.member)).answer)).toBe(unfinished);
    expect(await generation()).toBe(2);
  });

  it('takes no request of the generation before, and none about another', async () => {
    const parameters = { restored: 2, lastDecided: 7 };
    const make = async (change: Partial<ApprovalRequest>) =>
      (await desk.make(desk.request('restore', parameters, { requester: 'operator-1', ...change } as never))).status;
    expect(await make({})).toBe(403);
    expect(await make({ generation: 3 })).toBe(403);
    expect(await make({ generation: 2, parameters: { restored: 3, lastDecided: 7 } } as never)).toBe(403);
  });

  it('goes on after that, past the epoch that was named', async () => {
    await nameLastDecided(2, 7);
    expect(JSON.parse((await world.get('/v1/parameters', 'correlator')).text)).toMatchObject({
      lastDecided: { negative: 7, positive: 7 },
    });
    expect((await world.audit()).filter(({ type }) => type === 'named')).toMatchObject([{ generation: 2, lastDecided: 7 }]);
    const again = desk.request('restore', { restored: 2, lastDecided: 9 }, { requester: 'operator-1', generation: 2 });
    expect((await desk.make(again)).status).toBe(403);
  });

  it('renews where the position is known, and refuses where it is lost', async () => {
    const period = early.answer.selector.period + 1;
    const renewed = await world.renew(early.answer.selector, early.redemption, period);
    expect(renewed.selector.cohort).toBe(early.answer.selector.cohort);
    expect((await world.renew(lost.answer.selector, lost.redemption, period)).status).toBe(403);
  });

  it('refuses tickets from before, and those of that day; the next day it gives no slot twice', async () => {
    for (const ticket of [unused, await world.ticketFor(early.member)]) {
      const redemption = await world.redemption(early.member, ticket);
      const answer = await world.mint(redemption);
      expect(answer.status).toBe(403);
      expect(await world.reason(answer, redemption)).toBe('ticket-expired');
    }
    expect((await world.mint(early.redemption)).status).toBe(403); // nor the very bytes that were answered before
    world.clock.advanceDays(1);
    await world.upkeep();
    expect((await world.mint(await world.redemption(early.member, unused))).status).toBe(403);
    const members = [early.member, ...(await Promise.all(Array.from({ length: 12 }, () => world.enrol())))];
    const answers = await Promise.all(members.map(async (member) => (await world.mintFor(member)).answer));
    expect(answers.map(({ status }) => status)).toEqual(members.map(() => 200));
    for (const { selector } of answers) expect(selector.cohort).toBeGreaterThanOrEqual(2 ** 20);
    await notePositions();
    const open = await world.rows('SELECT min(cohort) AS least FROM keyholder.cohorts WHERE open');
    expect(Number(open[0]?.['least'])).toBeGreaterThanOrEqual(2 ** 20);
  });
});

describe('a state that nobody knows', () => {
  it('begins a generation of its own, even from a backup that was restored before', async () => {
    await loseAndRestore();
    expect(await generation()).toBe(3); // the witness knows of the second
    await notePositions();
    await nameLastDecided(3, 9);
    world.clock.advanceDays(1);
    await world.upkeep();
    expect((await world.mintFor(early.member)).answer.selector.cohort).toBeGreaterThanOrEqual(2 * 2 ** 20);
    await notePositions();
  });

  it('also when the database is older than the folder, or the folder than the database', async () => {
    const older = path.join(folder, 'older');
    cpSync(place().secretsDir, older, { recursive: true });
    await world.app.close();
    await world.sql.query(`UPDATE keyholder.state SET generation = 2, generation_id = '\\x00'`);
    world.app = await world.start();
    expect(await generation()).toBe(4);
    await world.app.close();
    rmSync(place().secretsDir, { recursive: true });
    cpSync(older, place().secretsDir, { recursive: true });
    world.app = await world.start();
    expect(await generation()).toBe(5);
    expect((await world.audit())[0]).toMatchObject({ type: 'generation', number: 5, cause: 'restored' });
    await world.restart();
    expect(await generation()).toBe(5);
  });

  it('does not begin while no log witness says how far it had come', async () => {
    await world.app.close();
    await world.logWitness.stop();
    await world.sql.query(`UPDATE keyholder.state SET generation_id = NULL`);
    await expect(world.start()).rejects.toThrow('too few log witnesses');
    await world.logWitness.start();
    world.app = await world.start();
    expect(await generation()).toBe(6);
  }, 60_000);
});
