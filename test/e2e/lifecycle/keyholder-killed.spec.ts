/** kill −9 of the key holder around an act: it happened once or never, and its log, which outsiders check, says which. */
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import pg from 'pg';
import { parseLeaf, verifyLog } from '#audit';
import type { AuditLeaf } from '#audit';
import { dayOf } from '#contracts';
import type { ActStatement } from '#contracts';
import { Session } from '../../../apps/ctl/src/command/session.js';
import { trustOf } from '../../../apps/ctl/src/audit/audit-trust.js';
import { config } from '../../../apps/ctl/src/config.js';
import { signStatement } from '../../../apps/ctl/src/command/signed.js';
import { Provider } from '../bad-input/provider.js';
import { approvedBy, ctlAt, succeeded } from '../ctl.js';

jest.setTimeout(180_000);

describe('a key holder that is killed', () => {
  let provider: Provider;
  let uri: string;
  let other: pg.Client;
  beforeAll(async () => {
    provider = await Provider.start((document) => document);
    [uri] = (await provider.mint(await provider.person(1), 1)) as [string];
    other = new pg.Client({ connectionString: provider.stack.databases.superUrls.keyholder });
    await other.connect();
  });
  afterAll(async () => {
    await other?.end();
    await provider?.stop();
  });

  const rows = <R extends object>(query: string) => provider.rows<R & pg.QueryResultRow>('keyholder', query);
  const standings = async () => (await rows('SELECT 1 FROM keyholder.standings')).length;
  const send = (statement: unknown) => provider.json('nyms', '/v1/moderation/pseudonyms', statement);
  const signed = (type: 'suspend' | 'reinstate') => {
    const chosen = { type, uri: uri as ActStatement['uri'], case: 'c-1', reason: 'seen' };
    return signStatement<ActStatement>(provider.stack.keys.moderators[0]!, chosen, dayOf(new Date()));
  };
  /** The log as the database has it, checked as far as it is cosigned. */
  async function log(): Promise<AuditLeaf[]> {
    const notes = await rows<{ note: string }>('SELECT note FROM keyholder.audit_checkpoints ORDER BY size');
    const leaves = (await rows<{ leaf: Buffer }>('SELECT leaf FROM keyholder.audit_entries ORDER BY sequence')).map(
      ({ leaf }) => leaf,
    );
    const trust = trustOf(new Session(config.read({}), provider.stack.dataDir));
    expect(
      await verifyLog(
        leaves,
        notes.map(({ note }) => note),
        trust,
      ),
    ).toMatchObject({ isSound: true });
    return leaves.map((leaf) => parseLeaf(leaf) as AuditLeaf);
  }
  const acts = async () => (await log()).filter(({ type }) => type === 'act');
  const endOf = async (index: number) => (await log()).find(({ of }) => of === index)?.type;
  const cosignedSize = async () =>
    (await rows<{ size: number | null }>('SELECT max(size) AS size FROM keyholder.audit_checkpoints'))[0]?.size ?? 0;

  async function killAndRestart(): Promise<void> {
    await provider.stack.processes.keyholder.kill();
    await other.query('ROLLBACK');
    await provider.stack.restart('keyholder');
  }

  it('between the announcement and the act has not acted: the log says so, and the same statement then acts once', async () => {
    const statement = signed('suspend');
    await other.query('BEGIN; LOCK TABLE keyholder.positions IN ACCESS EXCLUSIVE MODE');
    const answered = send(statement);
    await provider.until(async () => {
      const announced = (await acts())[0];
      return announced !== undefined && (await cosignedSize()) > announced.index;
    });
    await killAndRestart();
    expect((await answered).status).toBe(503);
    const [announced] = await acts();
    expect([await endOf(announced!.index), await standings()]).toEqual(['abandoned', 0]);
    expect(await rows('SELECT 1 FROM keyholder.used_statements')).toEqual([]);

    const first = await send(statement);
    expect([first.status, await standings()]).toEqual([200, 1]);
    expect((await send(statement)).text).toBe(first.text);
    const again = await acts();
    expect([again.length, await endOf(again[1]!.index), await standings()]).toEqual([2, 'completed', 1]);
  });

  it('after the act has acted: the log says so, and the same statement gets its receipt and nothing else', async () => {
    const statement = signed('reinstate');
    const before = (await acts()).length;
    const answered = send(statement);
    await provider.until(
      async () => (await acts()).length > before && (await endOf((await acts()).at(-1)!.index)) === 'completed',
    );
    await killAndRestart();
    await answered;
    const { index } = (await acts()).at(-1)!;
    expect([await endOf(index), await standings(), (await acts()).length]).toEqual(['completed', 0, before + 1]);
    expect((await send(statement)).status).toBe(200);
    expect([(await acts()).length, await standings()]).toEqual([before + 1, 0]);
  });

  it('between the announcement of a break-glass and the act has told nobody: it is abandoned, and told once afterwards', async () => {
    const ctl = ctlAt(() => ({ dataDir: provider.stack.dataDir }));
    const ask = ['request', 'break-glass', uri, '--case', 'c-2', '--reason', 'court order'];
    const id = await approvedBy(ctl, ['lead-1', 'lead-2', 'lead-3'], ask);
    const executed = async () => (await log()).filter(({ type }) => type === 'executed');
    await other.query('BEGIN; LOCK TABLE keyholder.positions IN ACCESS EXCLUSIVE MODE');
    const answered = ctl('break-glass', id, '--as', 'lead-1');
    await provider.until(async () => {
      const announced = (await executed())[0];
      return announced !== undefined && (await cosignedSize()) > announced.index;
    });
    await killAndRestart();
    const lost = await answered;
    expect([lost.code, lost.output.includes('account-1')]).toEqual([1, false]);
    const [announced] = await executed();
    expect(await endOf(announced!.index)).toBe('abandoned');
    expect(await rows('SELECT 1 FROM keyholder.requests WHERE executed_day IS NOT NULL')).toEqual([]);

    expect(await succeeded(ctl('break-glass', id, '--as', 'lead-1'))).toContain('account account-1');
    expect((await ctl('break-glass', id, '--as', 'lead-1')).code).toBe(1);
    const ends = await Promise.all((await executed()).map(({ index }) => endOf(index)));
    expect(ends).toEqual(['abandoned', 'completed']);
  });
});
