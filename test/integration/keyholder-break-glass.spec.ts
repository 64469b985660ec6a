/** Pseudonym → account by approved request only: answered once, to the one who asked, so many a day, and every refusal alike. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { digestOf, openAnswer } from '#approvals';
import { commitment } from '#audit';
import { canonicalBytes, frame, fromBase64Url, labels, toBase64Url } from '#contracts';
import type { ActOutput, ApprovalRequest } from '#contracts';
import { verify } from '#platform';
import { DecisionsWorld, type Pseudonym } from './keyholder-decisions-world.js';
import type { Member } from './keyholder-minting-world.js';
import { RequestDesk, shown } from './keyholder-requests-world.js';

const perDay = 4;
let world: DecisionsWorld;
let desk: RequestDesk;
let account: { member: Member; pseudonyms: Pseudonym[] };
beforeAll(async () => {
  world = await DecisionsWorld.open({}, { breakGlassPerDay: perDay });
  desk = new RequestDesk(world.base);
  account = await world.member(3);
});
afterAll(() => world.close());

const pseudonym = (at = 0): Pseudonym => account.pseudonyms[at]!;
const breakGlass = (of: Pseudonym = pseudonym(), change: Partial<ApprovalRequest> = {}) =>
  desk.request('break-glass', { uri: of.redemption.uri as never }, change as never);
const granted = (of?: Pseudonym) => desk.approved(breakGlass(of), 'lead-2', 'lead-3');
type Named = Extract<ActOutput, { output: 'handle' }>;

describe('break-glass', () => {
  it('names the handle to its requester, once, with a warrant that the registrar can check', async () => {
    const request = await granted();
    const answer = await desk.execute(request, pseudonym());
    const { warrant, signature } = (await desk.read(request, answer)) as Named;
    expect(warrant).toEqual({
      v: 1,
      keyHolderId: world.base.pin.keyHolderId,
      handle: toBase64Url(account.member.handle),
      request: digestOf(request),
      requesterKey: toBase64Url(world.base.people.of('lead-1').key.publicKey),
      sealTo: toBase64Url(world.base.people.of('lead-1').seal.publicKey),
      expiresAt: request.expiresAt,
    });
    const message = frame(labels.warrant, canonicalBytes(warrant));
    expect(verify(world.base.pin.rootKey, message, fromBase64Url(signature))).toBe(true);
    expect((await desk.execute(request, pseudonym())).status).toBe(403);
  });

  it('is sealed to the requester: neither who carries it nor who approved it can read it', async () => {
    const request = await granted(pseudonym(1));
    const answer = await desk.execute(request, pseudonym(1));
    for (const person of ['lead-2', 'lead-3', 'auditor-1']) expect(await desk.read(request, answer, person)).toBeUndefined();
    expect(answer.text).not.toContain(toBase64Url(account.member.handle));
    expect(await desk.read(request, answer)).toMatchObject({ output: 'handle' });
    const other = await granted();
    expect(
      await openAnswer(
        world.base.people.of('lead-1').seal.privateKey,
        fromBase64Url(digestOf(other)),
        JSON.parse(answer.text).sealed,
      ),
    ).toBeUndefined();
  });

  it('is in the log before the selector is opened, and its subject opens for auditors only', async () => {
    const request = await granted(pseudonym(2));
    await desk.execute(request, pseudonym(2));
    const log = await world.audit();
    const row = log.find(({ type, request: of }) => type === 'executed' && of === digestOf(request))!;
    expect(row).toMatchObject({ kind: 'break-glass', requester: 'lead-1', approvers: ['lead-2', 'lead-3'], announced: true });
    expect(log.some(({ type, of }) => type === 'completed' && of === row.index)).toBe(true);
    expect(JSON.stringify(row)).not.toContain(pseudonym(2).redemption.uri.split('/').at(-1));
    const [salt] = row['salts'] as { auditor: string; sealed: string }[];
    expect(salt!.auditor).toBe('auditor-1');
    const open = (person: string) =>
      openAnswer(world.base.people.of(person).seal.privateKey, fromBase64Url(digestOf(request)), salt!.sealed);
    expect(await open('lead-1')).toBeUndefined();
    const opened = (await open('auditor-1')) as { salt: string };
    expect(toBase64Url(commitment(fromBase64Url(opened.salt), pseudonym(2).redemption.uri))).toBe(row['subject']);
  });

  it('is refused alike: not approved, another pseudonym, no selector, a changed selector, another requester, a stranger to the log', async () => {
    const request = await granted();
    const [one, two] = [pseudonym(0), pseudonym(1)];
    const selector = { ...one.selector, cohort: one.selector.cohort === 0 ? 1 : 0 };
    const swapped = { selector: one.selector, redemption: two.redemption };
    const answers = await Promise.all([
      desk.execute(breakGlass(), one),
      desk.execute(await desk.approved(breakGlass()), one),
      desk.execute(await desk.approved(breakGlass(), 'lead-2'), one),
      desk.execute(request, two),
      desk.execute(request, swapped),
      desk.execute(request, { ...one, selector }),
      desk.execute(request),
      desk.execute(request, one, 'lead-2'),
    ]);
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 403));
    expect(new Set(answers.map(({ text }) => text.length)).size).toBe(1);
    expect(new Set(answers.map(({ text }) => Object.keys(JSON.parse(text)).join())).size).toBe(1);
    const opened = (await world.audit()).filter(({ type, request: of }) => type === 'executed' && of === digestOf(request));
    expect(opened).toEqual([]);
    expect((await desk.execute(request, one)).status).toBe(200);
  });

  it('happens so many times a day and no more, also when the clock goes back', async () => {
    const used = Number(
      (await world.base.rows('SELECT count(*) FROM keyholder.requests WHERE executed_day IS NOT NULL'))[0]!['count'],
    );
    expect(used).toBe(perDay);
    expect((await desk.make(breakGlass())).status).toBe(403);
    world.base.clock.advanceDays(-1);
    expect((await desk.make(breakGlass())).status).toBe(403);
    world.base.clock.advanceDays(2);
    const requests = [];
    for (let i = 0; i <= perDay; i++) requests.push(await granted());
    const statuses = [];
    for (const request of requests) statuses.push((await desk.execute(request, pseudonym())).status);
    expect(statuses).toEqual([200, 200, 200, 200, 403]);
  });

  it('happens once when two ask at once', async () => {
    world.base.clock.advanceDays(1);
    const request = await granted();
    const answers = await Promise.all([desk.execute(request, pseudonym()), desk.execute(request, pseudonym())]);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 403]);
    const log = await world.audit();
    const announced = log.filter(({ type, request: of }) => type === 'executed' && of === digestOf(request));
    const ends = announced.map(({ index }) => log.find(({ of }) => of === index)?.type);
    expect(ends.filter((end) => end === 'completed').length).toBe(1);
    expect(ends.every((end) => end !== undefined)).toBe(true);
  });

  it('leaves neither the pseudonym nor the answer in the database, nor a handle beside a request', async () => {
    const tables = await world.base.rows(
      `SELECT tablename FROM pg_tables WHERE schemaname = 'keyholder' AND tablename IN ('requests', 'approvals', 'audit_entries', 'named_selectors')`,
    );
    expect(tables.length).toBe(4);
    const name = pseudonym().redemption.uri.split('/').at(-1)!;
    const needles = [
      name,
      Buffer.from(name).toString('hex'),
      Buffer.from(account.member.handle).toString('hex'),
      toBase64Url(account.member.handle),
    ];
    for (const { tablename } of tables) {
      const rows = JSON.stringify(await world.base.rows(`SELECT t::text AS row, t.* FROM keyholder.${String(tablename)} t`));
      for (const needle of needles) expect(rows).not.toContain(needle);
    }
  });

  it('takes the newest selector of a renewed pseudonym as well', async () => {
    const fresh = await world.base.enrol();
    world.base.clock.advanceDays(-(world.base.clock.today() - 20_759));
    const minted = await world.mint(fresh);
    const renewed = await world.renew(minted);
    world.base.clock.advanceDays(10);
    const request = await granted(renewed);
    expect(shown(renewed).selector.period).toBe(minted.selector.period + 1);
    const output = (await desk.read(request, await desk.execute(request, renewed))) as Named;
    expect(output.warrant.handle).toBe(toBase64Url(fresh.handle));
  });
});
