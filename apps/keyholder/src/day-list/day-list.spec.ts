import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { TICKET_DAYS, toBase64Url } from '#contracts';
import type { DayList } from '#contracts';
import { FixedClock, generateSigningKey } from '#platform';
import { fingerprintOf, importWrapKey, kidOf, verifyDayList } from '#tickets';
import type { TicketKey } from '#tickets';
import { Barrier } from '../sealing/barrier.js';
import { SealedFolder } from '../sealing/sealed-folder.js';
import { DayLists } from './day-lists.js';
import { TicketKeys } from './ticket-keys.js';
import { stillOpens, WrapKeys } from './wrap-keys.js';

let folder: string;
let sealed: SealedFolder;
beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'days-'));
  sealed = new SealedFolder(folder, Barrier.fresh());
});
afterEach(() => rmSync(folder, { recursive: true }));

const newTicketKey = async (): Promise<TicketKey> => {
  const { publicKey } = generateSigningKey();
  return { kid: await kidOf(publicKey), key: toBase64Url(publicKey) };
};

describe('wrap keys', () => {
  const wrap = () => path.join(folder, 'wrap');

  it('are one a day, kept over a restart, and accepted while a ticket of their day may live', async () => {
    const keys = await WrapKeys.open(sealed, 100);
    const [first] = keys.accepted(100);
    for (let day = 101; day <= 100 + TICKET_DAYS; day++) await keys.turn(day);
    expect(keys.accepted(107)).toHaveLength(8);
    expect(new Set(keys.accepted(107).map(({ kid }) => kid)).size).toBe(8);
    const again = await WrapKeys.open(sealed, 107);
    expect(again.accepted(107).map(({ kid }) => kid)).toContain(first!.kid);
    expect((await again.turn(107)).kid).toBe((await keys.turn(107)).kid);
  });

  it('are destroyed on the first day on which they open nothing', async () => {
    expect([stillOpens(100, 107), stillOpens(100, 108)]).toEqual([true, false]);
    const keys = await WrapKeys.open(sealed, 100);
    await keys.turn(107);
    expect(readdirSync(wrap()).sort()).toEqual(['100.key', '107.key']);
    await keys.turn(108);
    expect(readdirSync(wrap()).sort()).toEqual(['107.key', '108.key']);
    const late = await WrapKeys.open(sealed, 300);
    expect(readdirSync(wrap())).toEqual(['300.key']);
    expect(late.accepted(300)).toHaveLength(1);
  });

  it('reach the disk sealed only, and open under no other barrier', async () => {
    const [key] = (await WrapKeys.open(sealed, 100)).accepted(100);
    const bytes = (await sealed.read('wrap/100.key'))!;
    expect((await importWrapKey(bytes)).kid).toBe(key!.kid);
    expect(readFileSync(path.join(wrap(), '100.key')).includes(Buffer.from(bytes))).toBe(false);
    await expect(WrapKeys.open(new SealedFolder(folder, Barrier.fresh()), 100)).rejects.toThrow('wrap/100.key is damaged');
  });

  it('are not made twice for callers at the same time', async () => {
    const keys = await WrapKeys.open(sealed, 100);
    const turned = await Promise.all(Array.from({ length: 5 }, () => keys.turn(101)));
    expect(new Set(turned.map(({ kid }) => kid)).size).toBe(1);
  });
});

describe('day lists', () => {
  const root = generateSigningKey();
  const keys = {
    keyHolderId: 'kh',
    rootSigner: { publicKey: root.publicKey, sign: async (message: Uint8Array) => root.sign(message) },
  };
  const open = async (clock: FixedClock, ticketKey: TicketKey, onMade?: (list: DayList) => Promise<void>) =>
    new DayLists({
      folder,
      clock,
      keys,
      wrapKeys: await WrapKeys.open(sealed, clock.today()),
      ticketKey: () => ticketKey,
      ...(onMade && { onMade }),
    });

  it('are signed by the root key, name the keys of the day, and are told of once', async () => {
    const clock = new FixedClock('2026-11-02T12:00:00Z');
    const made: DayList[] = [];
    const ticketKey = await newTicketKey();
    const lists = await open(clock, ticketKey, async (list) => void made.push(list));
    const [list, same] = await Promise.all([lists.today(), lists.today()]);
    expect(same).toBe(list);
    expect(await verifyDayList(list, await fingerprintOf(root.publicKey))).toMatchObject({
      day: clock.today(),
      ticket: ticketKey,
    });
    clock.advanceDays(1);
    expect((await lists.today()).body.hpke.kid).not.toBe(list.body.hpke.kid);
    expect(made.map(({ body }) => body.day)).toEqual([clock.today() - 1, clock.today()]);
  });

  it('stay the same all day, whatever ticket key a restart brings', async () => {
    const clock = new FixedClock('2026-11-02T12:00:00Z');
    const list = await (await open(clock, await newTicketKey())).today();
    const after = await open(clock, await newTicketKey());
    expect(await after.today()).toEqual(list);
    clock.advanceDays(1);
    expect((await after.today()).body.ticket.kid).not.toBe(list.body.ticket.kid);
  });

  it('are given to nobody when they could not be logged, and tried again', async () => {
    let fail = true;
    const lists = await open(new FixedClock('2026-11-02T12:00:00Z'), await newTicketKey(), async () => {
      if (fail) throw new Error('no log');
    });
    await expect(lists.today()).rejects.toThrow('no log');
    fail = false;
    expect((await lists.today()).body.keyHolderId).toBe('kh');
  });
});

const known = await newTicketKey();

describe('ticket keys', () => {
  const write = (value: unknown) => {
    const file = path.join(folder, 'keys.json');
    writeFileSync(file, typeof value === 'string' ? value : JSON.stringify(value));
    return file;
  };

  it('are read newest first', async () => {
    const keys = [await newTicketKey(), { ...(await newTicketKey()), lastDay: 100 }];
    const read = TicketKeys.open(write(keys), () => undefined);
    expect([read.newest, read.accepted]).toEqual([keys[0], keys]);
  });

  it('are followed when the file changes, and stay as they are when it does not fit', async () => {
    const told: boolean[] = [];
    const noted: unknown[] = [];
    const note = async (next: unknown) => void noted.push(next);
    const first = await newTicketKey();
    const read = TicketKeys.open(write([first]), (followed) => told.push(followed));
    const keys = [await newTicketKey(), { ...first, lastDay: 100 }];
    write(keys);
    await read.follow(note);
    expect(read.accepted).toEqual(keys);
    write('{');
    await read.follow(note);
    await read.follow(note);
    expect([read.accepted, told, noted]).toEqual([keys, [true, false], [keys]]);
  });

  it('are accepted once their change is noted, and not before', async () => {
    const [first, next] = [await newTicketKey(), await newTicketKey()];
    const read = TicketKeys.open(write([first]), () => undefined);
    write([next]);
    const noLog = async () => Promise.reject(new Error('no log'));
    await expect(read.follow(noLog)).rejects.toThrow('no log');
    await expect(read.follow(noLog)).rejects.toThrow('no log');
    expect(read.accepted).toEqual([first]);
    await read.follow(async () => expect(read.accepted).toEqual([first]));
    expect(read.accepted).toEqual([next]);
  });

  it.each([
    ['no JSON', '{', 'cannot be read as JSON'],
    ['none', [], 'does not fit'],
    ['a short key', [{ kid: 'AAAAAAAAAAA', key: 'AA' }], '0.key does not fit'],
    ['an older one that does not say when it was last in use', [known, known], 'say the last day'],
    ['a newest one that does', [{ ...known, lastDay: 3 }], 'say the last day'],
    ['a kid of another key', [{ kid: 'AAAAAAAAAAA', key: toBase64Url(new Uint8Array(32)) }], 'does not name its key'],
  ])('are refused when there is %s', (_, value, message) => {
    expect(() => TicketKeys.open(write(value), () => undefined)).toThrow(message);
  });
});
