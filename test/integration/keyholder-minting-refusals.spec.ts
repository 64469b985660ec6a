import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomBytes } from 'node:crypto';
import { toBase64Url } from '#contracts';
import type { Handle } from '#contracts';
import { generateSigningKey } from '#platform';
import { generateWrapKey, importWrapKey, issueTicket, ticketIssuer } from '#tickets';
import { createPrivateKey } from 'node:crypto';
import { altered, World } from './keyholder-minting-world.js';
import type { Answer, Member, Redemption } from './keyholder-minting-world.js';

/** Layout of a ticket: v 1 ‖ kid 8 ‖ jti 16 ‖ notAfter 4 ‖ sealedHandle 44 ‖ signature 64. */
const at = { version: 0, kid: 1, jti: 9, notAfter: 25, sealedHandle: 29 } as const;
const uint32 = (value: number) => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return new Uint8Array(bytes);
};

describe('refusals of a mint', () => {
  let world: World;
  let member: Member;
  const seen: Answer[] = [];
  beforeAll(async () => {
    world = await World.open();
    member = await world.enrol();
  });
  afterAll(() => world.close());

  const send = async (redemption: Pick<Redemption, 'wrapped' | 'subject'>): Promise<Answer> => {
    const answer = await world.mint(redemption);
    if (answer.status !== 200) seen.push(answer);
    return answer;
  };
  /** Sent with this ticket, is it refused, for this reason as the client reads it, and is the good ticket still good? */
  const refuses = async (spoil: (ticket: Uint8Array) => Uint8Array | Promise<Uint8Array>, reason?: string) => {
    const ticket = await world.ticketFor(member);
    const redemption = await world.redemption(member, await spoil(ticket));
    const answer = await send(redemption);
    expect(answer.status).toBe(403);
    expect(await world.reason(answer, redemption)).toBe(reason);
    expect((await send(await world.redemption(member, ticket))).status).toBe(200);
  };

  it('an expired ticket', async () => {
    const old = await world.ticketFor(member, world.clock.today() - 8);
    const redemption = await world.redemption(member, old);
    expect(await world.reason(await send(redemption), redemption)).toBe('ticket-expired');
    const last = await world.redemption(member, await world.ticketFor(member, world.clock.today() - 7));
    expect((await send(last)).status).toBe(200);
  });

  it('a ticket marked by its last day', () =>
    refuses((ticket) => altered(ticket, at.notAfter, uint32(world.clock.today() + 8), world.ticketKey)));

  it('a ticket marked by an odd kid', () =>
    refuses((ticket) => altered(ticket, at.kid, new Uint8Array(randomBytes(8)), world.ticketKey), 'stale-day-list'));

  it('a ticket of another version', () => refuses((ticket) => altered(ticket, at.version, Uint8Array.of(2), world.ticketKey)));

  it('a ticket forged under another key', () =>
    refuses((ticket) => altered(ticket, at.jti, new Uint8Array(randomBytes(16)), generateSigningKey())));

  it('a ticket with a flipped bit', () => refuses((ticket) => altered(ticket, at.jti, Uint8Array.of(ticket[at.jti]! ^ 1))));

  it('a ticket for another key holder', () => refuses(() => foreignTicket({ keyHolderId: 'another' })));

  it('a handle sealed under another key', () => refuses(() => foreignTicket({ sealKey: new Uint8Array(32) })));

  it('a handle moved from another ticket', () =>
    refuses(async (ticket) =>
      altered(
        ticket,
        at.sealedHandle,
        (await world.ticketFor(member)).subarray(at.sealedHandle, at.sealedHandle + 44),
        world.ticketKey,
      ),
    ));

  it('wrapped bytes that are cut, longer, changed or nothing at all, and spends nothing', async () => {
    const good = await world.redemption(member, await world.ticketFor(member));
    const flipped = (place: number) => good.wrapped.map((byte, i) => (i === place ? byte ^ 1 : byte));
    const spoiled = [good.wrapped.subarray(1), good.wrapped.subarray(0, -1), new Uint8Array(), new Uint8Array(257)];
    for (const wrapped of [...spoiled, ...[0, 8, 60, 256].map(flipped), new Uint8Array([...good.wrapped, 0])]) {
      const answer = await send({ ...good, wrapped });
      expect(answer.status).toBe(403);
      expect(await world.reason(answer, good)).toBeUndefined();
    }
    expect((await send(good)).status).toBe(200);
  });

  it('a ticket wrapped for another key', async () => {
    const other = await importWrapKey(await generateWrapKey());
    const to = { kid: other.kid, key: toBase64Url(other.publicKey) };
    expect((await send(await world.redemption(member, await world.ticketFor(member), { to }))).status).toBe(403);
    const { kid } = (await world.dayList()).body.hpke;
    const disguised = await world.redemption(member, await world.ticketFor(member), { to: { ...to, kid } });
    expect((await send(disguised)).status).toBe(403);
  });

  it('another subject than the client wrapped for, without spending the ticket', async () => {
    const good = await world.redemption(member, await world.ticketFor(member));
    expect((await send({ ...good, subject: new Uint8Array(32) })).status).toBe(403);
    expect((await send(good)).status).toBe(200);
  });

  it('a redemption without the holder key, which spends the ticket', async () => {
    const ticket = await world.ticketFor(member);
    const thief = await world.redemption({ holder: generateSigningKey() }, ticket);
    expect((await send(thief)).status).toBe(403);
    const late = await world.redemption(member, ticket);
    expect(await world.reason(await send(late), late)).toBe('spent');
  });

  it('a redeem signature for another subject or another ticket', async () => {
    const forSubject = await world.redemption(member, await world.ticketFor(member), { subject: new Uint8Array(32) });
    const forTicket = await world.redemption(member, await world.ticketFor(member), { jti: new Uint8Array(16) });
    expect([(await send(forSubject)).status, (await send(forTicket)).status]).toEqual([403, 403]);
  });

  it('a handle that was never enrolled', async () => {
    const stranger = { handle: new Uint8Array(randomBytes(16)) as Handle, holder: generateSigningKey() };
    expect((await send(await world.redemption(stranger, await world.ticketFor(stranger)))).status).toBe(403);
  });

  it('an account with a standing from its force time on, and the same bytes that were minted before', async () => {
    const suspended = await world.enrol();
    const before = await world.redemption(suspended, await world.ticketFor(suspended));
    await world.sql.query(`INSERT INTO keyholder.standings (handle, kind, since_day) VALUES ($1, 'full', $2)`, [
      suspended.handle,
      world.clock.today(),
    ]);
    expect((await send(before)).status).toBe(200); // waiting, not in force
    await world.sql.query('INSERT INTO keyholder.force_times VALUES (1, $1)', [world.clock.now()]);
    await world.sql.query('UPDATE keyholder.standings SET force = 1 WHERE handle = $1', [suspended.handle]);
    const after = await world.redemption(suspended, await world.ticketFor(suspended));
    for (const redemption of [before, after]) expect(await world.reason(await send(redemption), redemption)).toBe('standing');
    expect((await send(await world.redemption(member, await world.ticketFor(member)))).status).toBe(200);
  });

  it('a spent ticket in other bytes, and says so to its client', async () => {
    const ticket = await world.ticketFor(member);
    expect((await send(await world.redemption(member, ticket))).status).toBe(200);
    const again = await world.redemption(member, ticket);
    expect(await world.reason(await send(again), again)).toBe('spent');
  });

  it('the same bytes once the hour is over', async () => {
    const redemption = await world.redemption(member, await world.ticketFor(member));
    const first = await send(redemption);
    world.clock.advanceMs(2 * 3_600_000);
    await world.upkeep();
    expect(first.status).toBe(200);
    expect(await world.reason(await send(redemption), redemption)).toBe('spent');
  });

  it('look alike in status, size and shape, and never name a reason', () => {
    expect(seen.length).toBeGreaterThan(20);
    expect(new Set(seen.map(({ status, text }) => `${status} ${text.length}`)).size).toBe(1);
    const { sealedReason, ...rest } = JSON.parse(seen[0]!.text);
    expect(rest).toEqual({ type: '/errors/answer-refused', title: 'No answer for this request', status: 403 });
    expect(Buffer.from(sealedReason, 'base64url')).toHaveLength(48);
    expect(new Set(seen.map(({ text }) => text)).size).toBe(seen.length);
  });

  it('of enrolments and renewals look the same', async () => {
    const other = await world.enrolAs({ handle: member.handle, holder: generateSigningKey() });
    const { answer, redemption } = await world.mintFor(member);
    const renewal = await world.renew(answer.selector, redemption, answer.selector.period + 2);
    for (const { status, text } of [other, renewal]) expect([status, text.length]).toEqual([403, seen[0]!.text.length]);
  });

  async function foreignTicket(change: { keyHolderId?: string; sealKey?: Uint8Array }): Promise<Uint8Array> {
    const signingKey = new Uint8Array(createPrivateKey(world.ticketKey.toPem()).export({ format: 'der', type: 'pkcs8' }));
    const { keyHolderId } = world.pin;
    const issuer = await ticketIssuer({ keyHolderId, signingKey, sealKey: world.sealKey, ...change });
    return issueTicket(issuer, member.handle, world.clock.today());
  }
});
