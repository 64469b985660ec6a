/** Deleting the account behind a pseudonym by approved request: suspended for good, told to the registrar with others, and not washed. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Handle } from '#contracts';
import { generateSigningKey } from '#platform';
import { toBase64Url } from '#contracts';
import { randomBytes } from 'node:crypto';
import { DecisionsWorld, handleText, type Pseudonym } from './keyholder-decisions-world.js';
import type { Member } from './keyholder-minting-world.js';
import { RequestDesk } from './keyholder-requests-world.js';

let world: DecisionsWorld;
let desk: RequestDesk;
let account: { member: Member; pseudonyms: Pseudonym[] };
const removed = async () => {
  const { text } = await world.base.get('/v1/releases?after=0', 'registrar');
  const { batches } = JSON.parse(text) as { batches: { number: number; suspend: string[]; remove: string[] }[] };
  return batches;
};
const deletion = (pseudonym: Pseudonym) => desk.request('deletion', { uri: pseudonym.redemption.uri as never });

beforeAll(async () => {
  world = await DecisionsWorld.open({ release: { batch: 2, maxDelaySeconds: 0, minAgeDays: 0 } });
  desk = new RequestDesk(world.base);
  account = await world.member(3);
});
afterAll(() => world.close());

describe('a deletion', () => {
  it('takes two leads, and answers nothing', async () => {
    const request = deletion(account.pseudonyms[0]!);
    await desk.approved(request, 'lead-2');
    expect((await desk.execute(request, account.pseudonyms[0])).status).toBe(403);
    expect((await desk.approve(request, 'lead-3')).status).toBe(204);
    const answer = await desk.execute(request, account.pseudonyms[0]);
    expect(await desk.read(request, answer)).toEqual({ output: 'nothing' });
  });

  it('ends mint at once, and every pseudonym at its own time', async () => {
    expect(await world.mayMint(account.member)).toBe(false);
    await world.pass(account.pseudonyms);
    world.base.clock.advanceMs(60_000);
    const ended = await world.due(account.pseudonyms);
    expect(ended.length).toBe(3);
  });

  it('is not undone by a reinstatement, whose receipt looks like every other', async () => {
    const other = await world.member(1);
    const receipts = [await world.act('reinstate', account.pseudonyms[1]!), await world.act('reinstate', other.pseudonyms[0]!)];
    expect(receipts.map(({ status, text }) => [status, text.length])).toEqual([
      [200, receipts[0]!.text.length],
      [200, receipts[0]!.text.length],
    ]);
    expect(await world.mayMint(account.member)).toBe(false);
  });

  it('is named to the registrar as a suspension first, and as a deletion only in a batch of such', async () => {
    const [second, third] = [await world.member(1), await world.member(1)];
    expect(await removed()).toEqual([]);
    await desk.done(deletion(second.pseudonyms[0]!), ['lead-2', 'lead-3'], second.pseudonyms[0]);
    const suspended = (await removed()).flatMap(({ suspend }) => suspend);
    expect(new Set(suspended)).toEqual(new Set([handleText(account.member), handleText(second.member)]));
    await desk.done(deletion(third.pseudonyms[0]!), ['lead-2', 'lead-3'], third.pseudonyms[0]);
    const batches = await removed();
    const together = batches.filter(({ remove }) => remove.length > 0);
    expect(together.length).toBe(1);
    expect(new Set(together[0]!.remove)).toEqual(new Set([handleText(account.member), handleText(second.member)]));
    expect(batches.find(({ suspend }) => suspend.includes(handleText(second.member)))!.number).toBeLessThan(together[0]!.number);
  });

  it('keeps handle and holder key out for good, and forgets the rest when its last selector is gone', async () => {
    const { member } = account;
    const anew = { handle: new Uint8Array(randomBytes(16)) as Handle, holder: member.holder };
    expect((await world.base.enrolAs(anew)).status).toBe(403);
    world.base.clock.advanceDays(200);
    await world.base.upkeep();
    expect(await world.base.rows('SELECT 1 FROM keyholder.handles WHERE handle = $1', [Buffer.from(member.handle)])).toEqual([]);
    expect(await world.base.rows('SELECT 1 FROM keyholder.standings WHERE handle = $1', [Buffer.from(member.handle)])).toEqual(
      [],
    );
    expect((await world.base.enrolAs(anew)).status).toBe(403);
    expect((await world.base.enrolAs({ handle: member.handle, holder: generateSigningKey() })).status).toBe(403);
    expect((await world.base.enrolAs({ ...anew, holder: generateSigningKey() })).status).toBe(200);
    const marks = await world.base.rows('SELECT mark FROM keyholder.tombstones');
    expect(JSON.stringify(marks)).not.toContain(Buffer.from(member.handle).toString('hex'));
    expect(marks.length).toBe(6);
    expect(JSON.stringify(await world.audit())).not.toContain(toBase64Url(member.handle));
  });
});
