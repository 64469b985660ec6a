import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { World } from './keyholder-minting-world.js';

const HOUR_MS = 3_600_000;

describe('the turn of hours and days', () => {
  let world: World;
  beforeAll(async () => {
    world = await World.open();
  });
  afterAll(() => world.close());

  const openRetries = async () => (await world.rows('SELECT * FROM keyholder.spent WHERE wrapped_hash IS NOT NULL')).length;
  const pass = async (ms: number) => {
    world.clock.advanceMs(ms);
    await world.upkeep();
  };

  it('lets a client retry for an hour at least, over the turn of an hour, and for two at most', async () => {
    await pass(HOUR_MS - (world.clock.now().getTime() % HOUR_MS) - 1_000); // a second before the turn
    const { answer, redemption } = await world.mintFor(await world.enrol());
    await pass(2_000);
    expect((await world.mint(redemption)).selector.selectorId).toBe(answer.selector.selectorId);
    await pass(HOUR_MS - 3_000);
    expect((await world.mint(redemption)).status).toBe(200);
    await pass(2_000);
    expect((await world.mint(redemption)).status).toBe(403);
    expect(await openRetries()).toBe(0);
  });

  it('forgets nothing too early by a restart, and nothing too late', async () => {
    const { redemption } = await world.mintFor(await world.enrol());
    await world.restart();
    expect((await world.mint(redemption)).status).toBe(200);
    world.clock.advanceMs(5 * HOUR_MS); // while it was down
    await world.restart();
    expect((await world.mint(redemption)).status).toBe(403);
    expect(await openRetries()).toBe(0);
  });

  it('gives a retry after the end of a period the selector of the period before', async () => {
    await pass(24 * HOUR_MS - (world.clock.now().getTime() % (24 * HOUR_MS)) - 1_000);
    while (world.clock.today() % 30 !== 29) await pass(24 * HOUR_MS);
    const { answer, redemption } = await world.mintFor(await world.enrol());
    await pass(2_000);
    const { period, expiryDay } = (await world.mint(redemption)).selector;
    expect({ period, expiryDay }).toEqual({ period: answer.selector.period, expiryDay: answer.selector.expiryDay });
    expect((await world.mintFor(await world.enrol())).answer.selector.period).toBe(period + 1);
  });

  it('opens what was wrapped for a day as long as a ticket of that day lives, and then destroys the key', async () => {
    const member = await world.enrol();
    const ticket = await world.ticketFor(member);
    const redemption = await world.redemption(member, ticket);
    const keys = () => readdirSync(path.join(world.folder, 'secrets', 'wrap'));
    const file = `${world.clock.today()}.key`;
    await pass(7 * 24 * HOUR_MS);
    expect(keys()).toContain(file);
    expect((await world.mint(redemption)).status).toBe(200);
    await pass(24 * HOUR_MS);
    expect(keys()).not.toContain(file);
    expect(keys()).toHaveLength(2); // the clock jumped: one of seven days before, and today's
  });

  it('makes one day list a day, over restarts, and writes its digest into the log', async () => {
    const first = await world.dayList();
    await world.restart();
    expect(await world.dayList()).toEqual(first);
    await pass(24 * HOUR_MS);
    const second = await world.dayList();
    expect(second.body.day).toBe(first.body.day + 1);
    expect(second.body.hpke.kid).not.toBe(first.body.hpke.kid);
    const days = (await world.audit()).filter(({ type }) => type === 'day-list').map(({ listDay }) => Number(listDay));
    expect(new Set(days).size).toBe(days.length);
    expect(days).toContain(second.body.day);
  });

  it('drops marks of expired tickets, and counts and allowances whose day has come', async () => {
    const member = await world.enrol();
    await world.mintFor(member);
    const before = await world.rows('SELECT * FROM keyholder.spent');
    expect(before.length).toBeGreaterThan(0);
    await pass(8 * 24 * HOUR_MS);
    expect(await world.rows('SELECT * FROM keyholder.spent')).toEqual([]);
    const [{ day }] = (await world.rows('SELECT max(expiry_day) AS day FROM keyholder.live_counts')) as [{ day: number }];
    await pass((day - world.clock.today()) * 24 * HOUR_MS);
    expect(await world.rows('SELECT * FROM keyholder.live_counts')).toEqual([]);
  });

  it('keeps its secrets to itself', () => {
    const folder = path.join(world.folder, 'secrets');
    expect(statSync(folder).mode & 0o777).toBe(0o700);
    for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
      const entry = statSync(path.join(folder, name));
      expect([name, entry.mode & 0o077]).toEqual([name, 0]);
    }
  });

  it('stores no time finer than a day on what a mint writes', async () => {
    const columns = await world.rows(
      `SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = 'keyholder'
        AND data_type ~ 'time|date' AND table_name IN ('spent', 'positions', 'live_counts', 'handles', 'cohorts', 'cohort_lists')`,
    );
    expect(columns).toEqual([]);
  });
});
