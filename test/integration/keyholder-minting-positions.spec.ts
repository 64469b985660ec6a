import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { fromBase64Url } from '#contracts';
import { World } from './keyholder-minting-world.js';
import type { Member, Redemption } from './keyholder-minting-world.js';

describe('positions', () => {
  let world: World;
  const minted: { member: Member; redemption: Redemption; handle: Uint8Array; selectorId: string; cohort: number }[] = [];
  let openBefore: Set<unknown>;
  let newest: number;
  beforeAll(async () => {
    world = await World.open({ cohortsPerBlock: 8, cohortSlots: 16 });
    const members = await Promise.all(Array.from({ length: 160 }, () => world.enrol()));
    const ready = await Promise.all(
      members.map(async (member) => ({ member, redemption: await world.redemption(member, await world.ticketFor(member)) })),
    );
    await Promise.all(
      ready.map(async ({ member, redemption }) => {
        const { selectorId, cohort } = (await world.mint(redemption)).selector;
        minted.push({ member, redemption, handle: member.handle, selectorId, cohort });
      }),
    );
    openBefore = await openCohorts();
    newest = Math.max(...(await world.rows('SELECT cohort FROM keyholder.cohorts')).map(({ cohort }) => cohort as number));
  }, 60_000);
  afterAll(() => world.close());

  const openCohorts = async () =>
    new Set((await world.rows('SELECT cohort FROM keyholder.cohorts WHERE open')).map(({ cohort }) => cohort));

  it('come from more cohorts as these fill, in blocks, with at least 8 open', async () => {
    const cohorts = await world.rows('SELECT cohort, open FROM keyholder.cohorts ORDER BY cohort');
    const open = cohorts.filter((cohort) => cohort['open']);
    expect(cohorts.length).toBeGreaterThan(8);
    expect(cohorts.length % 8).toBe(0);
    expect(open.length).toBeGreaterThanOrEqual(8);
    expect(cohorts.length - open.length).toBeGreaterThan(0);
  });

  it('keep every list that mints drew from, each open at its time', async () => {
    const lists = await world.rows('SELECT number, cohorts FROM keyholder.cohort_lists ORDER BY number');
    expect(lists.map(({ number }) => number)).toEqual(lists.map((_, i) => i + 1));
    const used = await world.rows('SELECT DISTINCT list FROM keyholder.spent');
    expect(used.length).toBeGreaterThan(1);
    expect(used.every(({ list }) => lists.some(({ number }) => number === list))).toBe(true);
  });

  it('leave a free slot in every cohort, since one closes before it is full', async () => {
    const taken = await world.rows('SELECT cohort, count(*)::int AS n FROM keyholder.positions GROUP BY cohort');
    expect(taken.every(({ n }) => (n as number) <= 16)).toBe(true);
    expect(taken.reduce((sum, { n }) => sum + (n as number), 0)).toBe(160);
  });

  it('are not given in turn', async () => {
    const rows = await world.rows('SELECT cohort, array_agg(slot) AS slots FROM keyholder.positions GROUP BY cohort');
    const sorted = rows.filter(
      ({ slots }) => (slots as number[]).length > 6 && (slots as number[]).every((slot, i) => slot === i),
    );
    expect(sorted).toEqual([]);
  });

  it('have no row, anywhere, with a selector id or subject, nor one with both a mark and a handle', async () => {
    const dump = await everything(world);
    for (const { selectorId, handle } of minted) {
      expect(dump).not.toContain(hex(fromBase64Url(selectorId)));
      expect(dump).not.toContain(selectorId);
      const lines = dump.split('\n').filter((line) => line.includes(hex(handle)));
      expect(lines.length).toBeGreaterThan(0);
      expect(new Set(lines.map((line) => line.split('|')[0]))).toEqual(new Set(['handles', 'live_counts', 'positions']));
    }
    const columns = await world.rows(
      `SELECT table_name, string_agg(column_name, ',' ORDER BY ordinal_position) AS names FROM information_schema.columns
        WHERE table_schema = 'keyholder' AND table_name IN ('spent', 'positions', 'live_counts', 'handles') GROUP BY 1 ORDER BY 1`,
    );
    expect(columns).toEqual([
      { table_name: 'handles', names: 'handle,holder_key,enrolled_day,commended' },
      { table_name: 'live_counts', names: 'handle,expiry_day,count' },
      { table_name: 'positions', names: 'cohort,slot,handle,last_day' },
      { table_name: 'spent', names: 'mark,wrapped_hash,list,period,from_epoch,parity,expiry_day' },
    ]);
  });

  it('stay where they are for a retry, when their cohort has closed since', async () => {
    const { redemption, selectorId, cohort } = minted.find((mint) => !openBefore.has(mint.cohort))!;
    const again = await world.mint(redemption);
    expect(again.selector).toMatchObject({ selectorId, cohort });
  });

  it('in a closed cohort get no more mints, not even of accounts that have a slot in it', async () => {
    const inClosed = minted.filter(({ cohort }) => !openBefore.has(cohort)).slice(0, 10);
    expect(inClosed).toHaveLength(10);
    const answers = await Promise.all(inClosed.map(({ member }) => world.mintFor(member)));
    for (const { answer } of answers)
      expect(openBefore.has(answer.selector.cohort) || answer.selector.cohort > newest).toBe(true);
  });

  it('are free again only when the last selector has expired and left the window, and cohorts open again', async () => {
    const count = async () => (await world.rows('SELECT count(*)::int AS n, max(last_day) AS last FROM keyholder.positions'))[0]!;
    const { n, last } = await count();
    const closedBefore = (await world.rows('SELECT cohort FROM keyholder.cohorts WHERE NOT open')).length;
    world.clock.advanceDays((last as number) + 30 + 7 - world.clock.today());
    await world.upkeep();
    expect((await count()).n).toBeGreaterThan(0);
    expect((await count()).n).toBeLessThan(n as number);
    world.clock.advanceDays(1);
    await world.upkeep();
    expect((await count()).n).toBe(0);
    expect(closedBefore).toBeGreaterThan(0);
    expect(await world.rows('SELECT cohort FROM keyholder.cohorts WHERE NOT open')).toEqual([]);
    expect((await world.mintFor(await world.enrol())).answer.status).toBe(200);
  });
});

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

/** Every row of the database as `table|json`. */
async function everything(world: World): Promise<string> {
  const tables = await world.rows(`SELECT tablename FROM pg_tables WHERE schemaname = 'keyholder' ORDER BY 1`);
  const lines: string[] = [];
  for (const { tablename } of tables) {
    const rows = await world.rows(`SELECT row_to_json(t)::text AS row FROM keyholder.${String(tablename)} t`);
    lines.push(...rows.map(({ row }) => `${String(tablename)}|${String(row)}`));
  }
  return lines.join('\n');
}
