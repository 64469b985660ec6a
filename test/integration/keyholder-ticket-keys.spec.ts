/** The registrar's ticket key is changed while the key holder runs: nobody's ticket is lost, and the old key is worth nothing when the last has expired. */
import { createHash, createPrivateKey } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { TICKET_DAYS, toBase64Url } from '#contracts';
import { generateSigningKey } from '#platform';
import type { SigningKey } from '#platform';
import { issueTicket, kidOf, ticketIssuer } from '#tickets';
import type { TicketIssuer } from '#tickets';
import { TicketKeyLog } from '../../apps/keyholder/src/day-list/ticket-key-log.js';
import { World } from './keyholder-minting-world.js';
import type { Member, Redemption } from './keyholder-minting-world.js';

describe('a change of the ticket key', () => {
  let world: World;
  let member: Member;
  let changedOn: number;
  let next: TicketIssuer;
  const nextKey = generateSigningKey();
  const waiting: Redemption[] = [];
  const pkcs8 = (key: SigningKey) => new Uint8Array(createPrivateKey(key.toPem()).export({ format: 'der', type: 'pkcs8' }));
  const entry = async ({ publicKey }: SigningKey) => ({ kid: await kidOf(publicKey), key: toBase64Url(publicKey) });
  const redemptionOf = async (issuer: TicketIssuer, day = world.clock.today()) =>
    world.redemption(member, await issueTicket(issuer, member.handle, day));
  const mint = async (redemption: Redemption) => (await world.mint(redemption)).status;
  beforeAll(async () => {
    world = await World.open({ limits: { freePseudonyms: 100, maxPseudonyms: 100 } });
    member = await world.enrol();
    const { keyHolderId } = world.pin;
    next = await ticketIssuer({ keyHolderId, signingKey: pkcs8(nextKey), sealKey: world.sealKey });
  });
  afterAll(() => world.close());

  it('leaves the day list of today as it is, and takes the new key in front of the next', async () => {
    changedOn = world.clock.today();
    for (let i = 0; i < 3; i++) waiting.push(await redemptionOf(world.issuer));
    const file = path.join(world.folder, 'ticket-keys.json');
    writeFileSync(file, JSON.stringify([await entry(nextKey), { ...(await entry(world.ticketKey)), lastDay: changedOn }]));
    await world.app.get(TicketKeyLog, { strict: false }).follow(); // as it does once a second
    expect((await world.dayList()).body.ticket.kid).toBe(world.issuer.kid);
    expect(await mint(waiting[0]!)).toBe(200);
    world.clock.advanceDays(1);
    expect((await world.dayList()).body.ticket.kid).toBe(await kidOf(nextKey.publicKey));
    expect(await mint(await redemptionOf(next))).toBe(200);
  });

  it('accepts what the old key signed until its last day, and nothing that it signs later', async () => {
    expect(await mint(await redemptionOf(world.issuer))).toBe(403);
    world.clock.advanceDays(changedOn + TICKET_DAYS - world.clock.today());
    expect(await mint(waiting[1]!)).toBe(200);
    world.clock.advanceDays(1);
    expect(await mint(waiting[2]!)).toBe(403);
    expect(await mint(await redemptionOf(world.issuer))).toBe(403);
    expect(await mint(await redemptionOf(next))).toBe(200);
  });

  it('is in the log with the digests of the keys, once, and at a start only when the file says something new', async () => {
    const logged = async () => (await world.audit()).filter(({ type }) => type === 'ticket-keys').map(({ keys }) => keys);
    const named = async (key: SigningKey) => ({
      kid: await kidOf(key.publicKey),
      digest: createHash('sha256').update(key.publicKey).digest('base64url'),
    });
    const [old, now] = [await named(world.ticketKey), await named(nextKey)];
    const both = [now, { ...old, lastDay: changedOn }];
    expect(await logged()).toEqual([[old], both]);
    await world.restart();
    expect(await logged()).toEqual([[old], both]);
    await world.app.close();
    writeFileSync(path.join(world.folder, 'ticket-keys.json'), JSON.stringify([await entry(nextKey)]));
    world.app = await world.start();
    expect(await logged()).toEqual([[old], both, [now]]);
  });
});
