import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { Writer } from '../../apps/keyholder/src/database/writer.js';
import { World } from './keyholder-minting-world.js';
import type { Member } from './keyholder-minting-world.js';

describe('mints at the same time', () => {
  let world: World;
  let member: Member;
  beforeAll(async () => {
    world = await World.open({ limits: { freePseudonyms: 7, maxPseudonyms: 9 } });
  });
  afterAll(() => world.close());

  it('never pass the cap of one handle', async () => {
    member = await world.enrol();
    const redemptions = await Promise.all(
      Array.from({ length: 50 }, async () => world.redemption(member, await world.ticketFor(member))),
    );
    const answers = await Promise.all(redemptions.map((redemption) => world.mint(redemption)));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(7);
    const reasons = await Promise.all(
      answers.flatMap((answer, i) => (answer.status === 200 ? [] : [world.reason(answer, redemptions[i]!)])),
    );
    expect(new Set(reasons)).toEqual(new Set(['standing-needed']));
    expect(
      await world.rows('SELECT sum(count)::int AS live FROM keyholder.live_counts WHERE handle = $1', [member.handle]),
    ).toEqual([{ live: 7 }]);
  });

  it('mint one ticket once, whoever comes first', async () => {
    const other = await world.enrol();
    const ticket = await world.ticketFor(other);
    const redemptions = await Promise.all(Array.from({ length: 8 }, () => world.redemption(other, ticket)));
    const answers = await Promise.all(redemptions.map((redemption) => world.mint(redemption)));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    expect(
      await world.rows('SELECT sum(count)::int AS live FROM keyholder.live_counts WHERE handle = $1', [other.handle]),
    ).toEqual([{ live: 1 }]);
  });

  it('give the same bytes, sent many times at once, one selector and one count', async () => {
    const other = await world.enrol();
    const redemption = await world.redemption(other, await world.ticketFor(other));
    const answers = await Promise.all(Array.from({ length: 20 }, () => world.mint(redemption)));
    expect(new Set(answers.map(({ selector }) => `${selector.selectorId} ${selector.cohort} ${selector.expiryDay}`)).size).toBe(
      1,
    );
    expect(
      await world.rows('SELECT sum(count)::int AS live FROM keyholder.live_counts WHERE handle = $1', [other.handle]),
    ).toEqual([{ live: 1 }]);
  });

  it('count an answer that was lost with the process once', async () => {
    const other = await world.enrol();
    const redemption = await world.redemption(other, await world.ticketFor(other));
    const lost = world.mint(redemption);
    await world.killConnections();
    await lost; // 200 when it had committed, 5xx when not: the client cannot tell
    const again = await world.mint(redemption);
    expect(again.status).toBe(200);
    expect((await world.mint(redemption)).selector.selectorId).toBe(again.selector.selectorId);
    expect(
      await world.rows('SELECT sum(count)::int AS live FROM keyholder.live_counts WHERE handle = $1', [other.handle]),
    ).toEqual([{ live: 1 }]);
  });
});

describe('the writer', () => {
  let world: World;
  beforeAll(async () => {
    world = await World.open();
    await world.app.close(); // its lock is free from here on
  });
  afterAll(() => world.close());

  /** The lock of the session before may take the server a moment to give up. */
  const open = (patienceMs = 3_000): Promise<Writer> => new Writer(world.database.urlFor('keyholder'), patienceMs).open();

  it('writes all of a transaction or nothing', async () => {
    const writer = await open();
    const failing = writer.transaction(async (transaction) => {
      await transaction.query("INSERT INTO keyholder.release_batches VALUES (1, '{}', '{}')");
      throw new Error('half way');
    });
    await expect(failing).rejects.toThrow('half way');
    expect(await world.rows('SELECT * FROM keyholder.release_batches')).toEqual([]);
    await writer.close();
  });

  it('cannot write any more once another has taken its place', async () => {
    const first = await open(500);
    await world.killConnections();
    const second = await open();
    await expect(first.transaction((transaction) => transaction.query('SELECT 1'))).rejects.toThrow();
    await expect(first.transaction((transaction) => transaction.query('SELECT 1'))).rejects.toThrow('another key holder');
    await second.close();
    await first.transaction((transaction) => transaction.query('SELECT 1'));
    expect(first.generation).toBe(2);
    await first.close();
  });

  it('runs transactions one after the other', async () => {
    const writer = await open();
    const order: string[] = [];
    const run = (name: string) =>
      writer.transaction(async (transaction) => {
        order.push(`${name} begins`);
        await transaction.query('SELECT pg_sleep(0.01)');
        order.push(`${name} ends`);
      });
    await Promise.all([run('a'), run('b')]);
    expect(order).toEqual(['a begins', 'a ends', 'b begins', 'b ends']);
    await writer.close();
  });

  it('lets the role change nothing that was logged', async () => {
    const client = new pg.Client({ connectionString: world.database.urlFor('keyholder') });
    await client.connect();
    await expect(client.query('DELETE FROM keyholder.audit_entries')).rejects.toThrow('permission denied');
    await client.end();
  });
});
