/** The live and the simulated twin of a case's effects: whatever happens to an account, PostgreSQL and the plain account agree. */
import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import pg from 'pg';
import { carryOut, SimulatedAccount, type CaseAct } from '#cases';
import { AccountCase } from '../../apps/keyholder/src/standings/acts/account-case.js';
import { reinstate } from '../../apps/keyholder/src/standings/acts/account.repository.js';
import { back, makeForce, putInForce, suspend } from '../../apps/keyholder/src/standings/standings.repository.js';
import { comeBack, endedTerms } from '../../apps/keyholder/src/standings/terms.repository.js';
import { createDatabase } from '../servers/database.js';
import type { TestDatabase } from '../servers/database.js';

let database: TestDatabase;
let sql: pg.Client;
beforeAll(async () => {
  database = await createDatabase('keyholder');
  sql = new pg.Client({ connectionString: database.superUrl });
  await sql.connect();
  await sql.query(`INSERT INTO keyholder.state (id, key_holder_id) VALUES (1, 'test')`);
});
afterAll(async () => {
  await sql.end();
  await database.drop();
});

type Step = CaseAct | { readonly act: 'cross' | 'back' | 'force' | 'day'; readonly wait: number };

const by = fc.constantFrom('aa', 'bb');
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ act: fc.constant('suspend' as const), by }),
  fc.record({ act: fc.constant('suspend' as const), by, days: fc.integer({ min: 1, max: 9 }) }),
  fc.constantFrom<CaseAct>({ act: 'reinstate' }, { act: 'remove' }, { act: 'expedite' }, { act: 'delete' }),
  fc.record({ act: fc.constantFrom('cross' as const, 'back' as const, 'force' as const, 'day' as const), wait: fc.nat(6) }),
);

describe('a case', () => {
  it('goes the same way in PostgreSQL and in the simulation', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 14 }), async (steps) => {
        const [handle, mark] = [Uint8Array.from(randomBytes(16)), Uint8Array.from(randomBytes(32))];
        let today = 20_000;
        const twin = new SimulatedAccount(today);
        const live = (force?: number) =>
          new AccountCase(sql, { handle, mark, day: today, extra: 2, extraUntil: today + 60, ...(force && { force }) });
        for (const one of steps) {
          if ('wait' in one) {
            today += one.act === 'day' ? one.wait : 0;
            await happens(one.act, handle, today);
            if (one.act === 'day') twin.pass(one.wait);
            else if (one.act === 'cross') twin.cross();
            else if (one.act === 'back') twin.back();
            else twin.force();
          } else {
            const own = one.act === 'reinstate' || one.act === 'expedite';
            await carryOut(one, live(own ? await makeForce(sql, new Date(0)) : undefined), today);
            await twin.act(one);
          }
          expect([await live().standing(), await live().named()]).toEqual([await twin.standing(), await twin.named()]);
        }
        await sql.query('DELETE FROM keyholder.standings');
        await sql.query('DELETE FROM keyholder.named_selectors');
      }),
      { numRuns: 60 },
    );
  });
});

/** What key holder does to all accounts at once, here to the one there is. */
async function happens(what: 'cross' | 'back' | 'force' | 'day', handle: Uint8Array, today: number): Promise<void> {
  if (what === 'cross') return suspend(sql, [handle], 1, today);
  if (what === 'back') return back(sql, [handle], today);
  if (what === 'force') return putInForce(sql, await makeForce(sql, new Date(0)), today);
  const { handles, marks } = await endedTerms(sql, today);
  if (handles.length + marks.length === 0) return;
  for (const ended of handles) await reinstate(sql, { handle: ended, day: today, extra: 0, extraUntil: 0 });
  await comeBack(sql, marks, await makeForce(sql, new Date(0)));
}
