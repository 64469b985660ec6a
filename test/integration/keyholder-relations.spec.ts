/** Related accounts and accounts named by handle at the key holder: approved requests, in force in a full batch only, and no number of one. */
import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { toBase64Url } from '#contracts';
import type { AccountRemedy, RequestOf } from '#contracts';
import { Releases } from '../../apps/keyholder/src/standings/releases/releases.service.js';
import { DecisionsWorld, handleText, type Pseudonym } from './keyholder-decisions-world.js';
import type { Member } from './keyholder-minting-world.js';
import { RequestDesk } from './keyholder-requests-world.js';

type Account = { member: Member; pseudonyms: Pseudonym[] };
type Batch = { number: number; suspend: string[]; remove: string[]; relatedSuspend: string[]; relatedDelete: string[] };

let world: DecisionsWorld;
let desk: RequestDesk;
beforeAll(async () => {
  world = await DecisionsWorld.open({ release: { batch: 3, maxDelaySeconds: 86_400, minAgeDays: 0 } });
  desk = new RequestDesk(world.base);
});
afterAll(() => world.close());

const related = ({ pseudonyms }: Account, remedy: AccountRemedy) =>
  desk.request('related', { uri: pseudonyms[0]!.redemption.uri as never, remedy });
const accounts = (parameters: RequestOf<'accounts'>['parameters']) => desk.request('accounts', parameters);
const leads = ['lead-2', 'lead-3'] as const;
const batches = async (): Promise<Batch[]> =>
  (JSON.parse((await world.base.get('/v1/releases?after=0', 'registrar')).text) as { batches: Batch[] }).batches;
const propose = (batch: number, remedy: AccountRemedy, handles: readonly string[]) =>
  world.base.post('/v1/proposals', { batch, remedy, handles }, 'registrar');
const proposals = async () =>
  (JSON.parse((await desk.get('/v1/proposals', 'lead-1')).text) as { proposals: { proposal: string; batch: number }[] })
    .proposals;
/** So many others fill a batch. */
async function fill(count: number): Promise<void> {
  for (let i = 0; i < count; i++) await world.act('suspend', (await world.member(1)).pseudonyms[0]!);
}

describe('an account and those related to it', () => {
  let account: Account;
  let others: Account[];
  let proposal: string;

  it('takes two leads; the account is suspended, and its mark waits for a full batch', async () => {
    account = await world.member(2);
    others = [await world.member(1), await world.member(1)];
    const request = related(account, 'suspend');
    await desk.approved(request, 'lead-2');
    expect((await desk.execute(request, account.pseudonyms[0])).status).toBe(403);
    expect((await desk.approve(request, 'lead-3')).status).toBe(204);
    expect(await desk.read(request, await desk.execute(request, account.pseudonyms[0]))).toEqual({ output: 'nothing' });
    expect(await batches()).toEqual([]);
  });

  it('is marked among others that the batch names', async () => {
    await fill(2);
    const [batch] = await batches();
    expect(batch!.suspend.length).toBe(3);
    expect([batch!.relatedSuspend, batch!.relatedDelete]).toEqual([[handleText(account.member)], []]);
    expect(await world.mayMint(account.member)).toBe(false);
  });

  it('lets the registrar propose for that batch, once, and for no other', async () => {
    const handles = others.map(({ member }) => handleText(member));
    expect((await propose(1, 'delete', handles)).status).toBe(403);
    expect((await propose(2, 'suspend', handles)).status).toBe(403);
    expect((await propose(1, 'suspend', handles)).status).toBe(204);
    expect((await propose(1, 'suspend', handles)).status).toBe(204);
    expect((await propose(1, 'suspend', [])).status).toBe(204); // the first stays
    for (const { member } of others) expect(await world.mayMint(member)).toBe(true);
    expect(JSON.stringify(await world.base.rows('SELECT * FROM keyholder.proposals'))).not.toContain(
      Buffer.from(others[0]!.member.handle).toString('hex'),
    );
  });

  it('shows people that something was found, and no number below ten', async () => {
    const [found, ...more] = await proposals();
    expect(more).toEqual([]);
    expect(found).toEqual({ proposal: expect.any(String), batch: 1, remedy: 'suspend', fewerThan: 10 });
    ({ proposal } = found!);
  });

  it('takes another request for what was found; nothing shows before a full batch, however long that takes', async () => {
    const before = await desk.make(accounts({ remedy: 'delete', proposal }));
    expect(before.status).toBe(403); // for another remedy
    await desk.done(accounts({ remedy: 'suspend', proposal }), leads);
    expect((await desk.make(accounts({ remedy: 'suspend', proposal }))).status).toBe(403); // it was carried out
    world.base.clock.advanceDays(3);
    await world.base.app.get(Releases, { strict: false }).run();
    expect(
      await world.base.rows('SELECT 1 FROM keyholder.standings WHERE handle = $1', [Buffer.from(others[0]!.member.handle)]),
    ).toEqual([]);
    expect((await batches()).length).toBe(1);
  });

  it('comes in force in that batch, with every pseudonym', async () => {
    await fill(1);
    expect((await batches())[1]!.suspend).toEqual(expect.arrayContaining(others.map(({ member }) => handleText(member))));
    const pseudonyms = others.flatMap((other) => other.pseudonyms);
    await world.pass(pseudonyms);
    world.base.clock.advanceMs(20_000);
    expect((await world.changes(pseudonyms)).map(({ change }) => change)).toEqual(['revoked', 'revoked']);
    for (const { member } of others) expect(await world.mayMint(member)).toBe(false);
  });

  it('names no handle in the log', async () => {
    const log = JSON.stringify(await world.audit());
    for (const { member } of [account, ...others]) expect(log).not.toContain(handleText(member));
  });
});

describe('related accounts of nobody', () => {
  it('look like any others, and asking for them does nothing', async () => {
    const account = await world.member(1);
    await desk.done(related(account, 'delete'), leads, account.pseudonyms[0]);
    await fill(2);
    const { number, relatedDelete } = (await batches()).at(-1)!;
    expect(relatedDelete).toEqual([handleText(account.member)]);
    expect((await propose(number, 'delete', [])).status).toBe(204);
    const found = (await proposals()).find(({ batch }) => batch === number)!;
    expect(found).toEqual({ proposal: expect.any(String), batch: number, remedy: 'delete', fewerThan: 10 });
    expect(await desk.done(accounts({ remedy: 'delete', proposal: found.proposal }), leads)).toEqual({ output: 'nothing' });
    expect(await world.base.rows('SELECT 1 FROM keyholder.account_orders')).toEqual([]);
  });
});

describe('an account that was reinstated before its batch', () => {
  it('is neither named nor marked by it', async () => {
    const account = await world.member(1);
    await desk.done(related(account, 'suspend'), leads, account.pseudonyms[0]);
    await world.act('reinstate', account.pseudonyms[0]!);
    await fill(3);
    const { suspend, relatedSuspend } = (await batches()).at(-1)!;
    expect([suspend.includes(handleText(account.member)), relatedSuspend]).toEqual([false, []]);
    expect(await world.mayMint(account.member)).toBe(true);
  });
});

describe('accounts that people name by handle', () => {
  it('are suspended in a full batch; a handle of nobody is passed over without a word', async () => {
    const account = await world.member(1);
    const nobody = toBase64Url(Uint8Array.from(randomBytes(16)));
    const request = accounts({ remedy: 'suspend', handles: [handleText(account.member), nobody] });
    expect(await desk.done(request, leads)).toEqual({ output: 'nothing' });
    expect(await world.mayMint(account.member)).toBe(true);
    await fill(2);
    const { suspend } = (await batches()).at(-1)!;
    expect([suspend.length, suspend.includes(handleText(account.member)), suspend.includes(nobody)]).toEqual([3, true, false]);
    expect(await world.mayMint(account.member)).toBe(false);
  });

  it('are touched by nothing before a batch is full: not by the delay that starts others, nor by a decision', async () => {
    const account = await world.member(2);
    const own = Buffer.from(account.member.handle);
    await desk.done(accounts({ remedy: 'suspend', handles: [handleText(account.member)] }), leads);
    const other = await world.member(1);
    await world.act('suspend', other.pseudonyms[0]!);
    const told = await batches();
    world.base.clock.advanceDays(2); // longer than a batch may take to fill
    await world.base.app.get(Releases, { strict: false }).run();
    expect(await world.mayMint(other.member)).toBe(false); // the others' side of pseudonyms has begun
    expect(await batches()).toEqual(told);
    await world.pass([...account.pseudonyms, ...other.pseudonyms]);
    world.base.clock.advanceMs(20_000);
    const ended = await world.changes([...account.pseudonyms, ...other.pseudonyms]);
    expect(ended.map(({ pseudonym }) => pseudonym)).toEqual(other.pseudonyms);
    expect(await world.base.rows('SELECT 1 FROM keyholder.standings WHERE handle = $1', [own])).toEqual([]);
    expect(await world.base.rows('SELECT remedy FROM keyholder.account_orders WHERE handle = $1', [own])).toEqual([
      { remedy: 'suspend' },
    ]);
    expect(await world.mayMint(account.member)).toBe(true);

    await fill(1);
    expect((await batches()).at(-1)!.suspend).toContain(handleText(account.member));
    expect(await world.mayMint(account.member)).toBe(false);
  });

  it('are deleted with a tombstone, and told as a deletion in a batch of such', async () => {
    const three = [await world.member(1), await world.member(1), await world.member(1)];
    const handles = three.map(({ member }) => handleText(member));
    await desk.done(accounts({ remedy: 'delete', handles }), leads);
    await world.base.app.get(Releases, { strict: false }).run();
    const all = await batches();
    expect(all.flatMap(({ remove }) => remove)).toEqual(expect.arrayContaining(handles));
    await world.act('reinstate', three[0]!.pseudonyms[0]!);
    expect(await world.mayMint(three[0]!.member)).toBe(false);
  });

  it('are refused without approvals, with one of the requester, or when there are none', async () => {
    const request = accounts({ remedy: 'suspend', handles: [toBase64Url(Uint8Array.from(randomBytes(16)))] });
    await desk.approved(request, 'lead-2');
    expect((await desk.approve(request, 'lead-1')).status).toBe(403);
    expect((await desk.execute(request)).status).toBe(403);
    expect((await desk.make(accounts({ remedy: 'suspend', handles: [] }))).status).toBe(400);
    expect((await desk.make(accounts({ remedy: 'suspend', proposal: 'A'.repeat(43) }))).status).toBe(403);
  });
});
