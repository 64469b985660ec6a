import { beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { concat, TICKET_DAYS, toBase64Url } from '#contracts';
import type { DayListBody, Handle } from '#contracts';
import { generateSigningKey, importSigner, kidOf } from './ed25519.js';
import type { Signer } from './ed25519.js';
import { signRedeem, verifyRedeem } from './redeem.js';
import { openHandle, sealHandle } from './sealed-handle.js';
import { TICKET_LENGTH, ticketHead, ticketMessage } from './ticket-layout.js';
import type { UnsignedTicket } from './ticket-layout.js';
import { checkTicket, issueTicket, ticketIssuer, verifyTicket } from './ticket.js';
import type { TicketIssuer } from './ticket.js';
import { generateWrapKey, importWrapKey, unwrapTicket, WRAPPED_LENGTH, wrapTicket } from './wrap.js';
import type { WrapKey } from './wrap.js';
import { randomBytes } from './webcrypto.js';

const day = 20_600;
const handle = randomBytes(16) as Handle;
const subject = randomBytes(32);
let issuer: TicketIssuer;
let wrapKey: WrapKey;
let holder: Signer;
let today: DayListBody;
let ticket: Uint8Array;
let redeem: Uint8Array;
let wrapped: Uint8Array;

const fault = (name: string) => ({ name: 'TicketError', fault: name });
const newSigner = async () => importSigner(await generateSigningKey());
const flip = (bytes: Uint8Array, bit: number) => bytes.map((byte, at) => (at === bit >> 3 ? byte ^ (1 << (bit & 7)) : byte));
/** A ticket with a chosen head, signed by the true key: what a registrar that marks could make. */
async function signed(change: Partial<UnsignedTicket>): Promise<Uint8Array> {
  const jti = randomBytes(16);
  const sealedHandle = await sealHandle(issuer.sealKey, issuer.keyHolderId, jti, handle);
  const head = ticketHead({ kid: issuer.kid, jti, notAfter: day + TICKET_DAYS, sealedHandle, ...change });
  return concat(head, await issuer.signer.sign(ticketMessage(head)));
}

beforeAll(async () => {
  const signingKey = await generateSigningKey();
  issuer = await ticketIssuer({ keyHolderId: 'kh-1', signingKey, sealKey: randomBytes(32) });
  wrapKey = await importWrapKey(await generateWrapKey());
  holder = await newSigner();
  today = {
    v: 1,
    keyHolderId: 'kh-1',
    day,
    hpke: { kid: wrapKey.kid, key: toBase64Url(wrapKey.publicKey) },
    ticket: { kid: issuer.kid, key: toBase64Url(issuer.signer.publicKey) },
  };
  ticket = await issueTicket(issuer, handle, day);
  redeem = await signRedeem(holder, (await checkTicket(ticket, today)).jti, subject);
  ({ wrapped } = await wrapTicket(today.hpke, ticket, redeem, subject));
});

describe('a ticket in the hands of the client', () => {
  it('passes when it is like everybody else’s of that day', async () => {
    const read = await checkTicket(ticket, today);
    expect(read).toMatchObject({ kid: today.ticket.kid, notAfter: day + TICKET_DAYS });
    expect(ticket).toHaveLength(TICKET_LENGTH);
  });

  it('is refused when it is marked by another notAfter, one day off in either direction', async () => {
    for (const notAfter of [day + TICKET_DAYS - 1, day + TICKET_DAYS + 1])
      await expect(checkTicket(await signed({ notAfter }), today)).rejects.toMatchObject(fault('not-after'));
  });

  it('is refused when it is marked by a second kid, even one that signs truly', async () => {
    const second = await newSigner();
    const kid = await kidOf(second.publicKey);
    await expect(checkTicket(await signed({ kid }), today)).rejects.toMatchObject(fault('kid'));
  });

  it('is refused when it is marked by its length or version', async () => {
    await expect(checkTicket(concat(ticket, Uint8Array.of(0)), today)).rejects.toMatchObject(fault('length'));
    await expect(checkTicket(flip(ticket, 0), today)).rejects.toMatchObject(fault('version'));
  });

  it('is refused when another key forged it under the true kid', async () => {
    const head = ticket.slice(0, TICKET_LENGTH - 64);
    const forged = concat(head, await holder.sign(ticketMessage(head)));
    await expect(checkTicket(forged, today)).rejects.toMatchObject(fault('signature'));
  });

  it('is refused after any flip of a bit and after any cut', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(TICKET_LENGTH * 8 - 1), fc.nat(TICKET_LENGTH - 1), async (bit, length) => {
        await expect(checkTicket(flip(ticket, bit), today)).rejects.toMatchObject({ name: 'TicketError' });
        await expect(checkTicket(ticket.slice(0, length), today)).rejects.toMatchObject(fault('length'));
      }),
    );
  });
});

describe('a ticket in the hands of the key holder', () => {
  const verify = (bytes: Uint8Array, on = day) => verifyTicket(bytes, [today.ticket], on);

  it('passes through its last day and is expired on the next', async () => {
    await expect(verify(ticket, day + TICKET_DAYS)).resolves.toMatchObject({ kid: issuer.kid });
    await expect(verify(ticket, day + TICKET_DAYS + 1)).rejects.toMatchObject(fault('expired'));
  });

  it('is refused when it lives longer than any ticket may', async () => {
    await expect(verify(await signed({ notAfter: day + TICKET_DAYS + 1 }))).rejects.toMatchObject(fault('not-after'));
  });

  it('is refused when its key is not one of the registrar’s', async () => {
    const stranger = await ticketIssuer({ ...issuer, signingKey: await generateSigningKey(), sealKey: randomBytes(32) });
    await expect(verify(await issueTicket(stranger, handle, day))).rejects.toMatchObject(fault('kid'));
  });

  it('gives the handle to the key holder it was sealed for, and to no other', async () => {
    const read = await verify(ticket);
    await expect(openHandle(issuer.sealKey, 'kh-1', read)).resolves.toEqual(handle);
    await expect(openHandle(issuer.sealKey, 'kh-2', read)).rejects.toMatchObject(fault('sealed-handle'));
    const moved = { ...read, jti: randomBytes(16) };
    await expect(openHandle(issuer.sealKey, 'kh-1', moved)).rejects.toMatchObject(fault('sealed-handle'));
  });
});

describe('a wrapped ticket', () => {
  it('opens for its key holder and subject, and carries ticket, redeem signature and a key for the answer', async () => {
    const { wrapped: bytes, reasonKey } = await wrapTicket(today.hpke, ticket, redeem, subject);
    expect(bytes).toHaveLength(WRAPPED_LENGTH);
    const open = await unwrapTicket([wrapKey], bytes, subject);
    expect(open).toEqual({ kid: wrapKey.kid, ticket, redeem, reasonKey });
  });

  it('is refused with another subject, however little it differs', async () => {
    await expect(unwrapTicket([wrapKey], wrapped, randomBytes(32))).rejects.toMatchObject(fault('wrapped'));
    await expect(unwrapTicket([wrapKey], wrapped, flip(subject, 255))).rejects.toMatchObject(fault('wrapped'));
  });

  it('is refused by another key holder, also under a kid it knows', async () => {
    const other = await importWrapKey(await generateWrapKey());
    await expect(unwrapTicket([other], wrapped, subject)).rejects.toMatchObject(fault('wrapped'));
    await expect(unwrapTicket([{ ...other, kid: wrapKey.kid }], wrapped, subject)).rejects.toMatchObject(fault('wrapped'));
  });

  it('is refused after any flip of a bit, any cut and any addition', async () => {
    const refused = (bytes: Uint8Array) =>
      expect(unwrapTicket([wrapKey], bytes, subject)).rejects.toMatchObject(fault('wrapped'));
    await refused(concat(wrapped, Uint8Array.of(0)));
    await fc.assert(
      fc.asyncProperty(fc.nat(WRAPPED_LENGTH * 8 - 1), fc.nat(WRAPPED_LENGTH - 1), async (bit, length) => {
        await refused(flip(wrapped, bit));
        await refused(wrapped.slice(0, length));
      }),
      { numRuns: 50 },
    );
  });

  it('is refused when it names an ephemeral key of low order', async () => {
    const zero = wrapped.map((byte, at) => (at >= 8 && at < 40 ? 0 : byte));
    await expect(unwrapTicket([wrapKey], zero, subject)).rejects.toMatchObject(fault('wrapped'));
  });

  it('looks different each time, so the same ticket cannot be followed', async () => {
    const again = await wrapTicket(today.hpke, ticket, redeem, subject);
    expect(again.wrapped).not.toEqual(wrapped);
  });
});

describe('the redeem signature', () => {
  it('holds for one ticket, one subject and one holder key only', async () => {
    const { jti } = await checkTicket(ticket, today);
    const thief = await newSigner();
    await expect(verifyRedeem(holder.publicKey, jti, subject, redeem)).resolves.toBe(true);
    await expect(verifyRedeem(thief.publicKey, jti, subject, redeem)).resolves.toBe(false);
    await expect(verifyRedeem(holder.publicKey, randomBytes(16), subject, redeem)).resolves.toBe(false);
    await expect(verifyRedeem(holder.publicKey, jti, randomBytes(32), redeem)).resolves.toBe(false);
  });

  it('is false, not a fault, when key or signature are no such thing', async () => {
    const { jti } = await checkTicket(ticket, today);
    await expect(verifyRedeem(randomBytes(31), jti, subject, redeem)).resolves.toBe(false);
    await expect(verifyRedeem(holder.publicKey, jti, subject, redeem.slice(1))).resolves.toBe(false);
  });
});
