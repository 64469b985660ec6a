/**
 * Tickets: issued by the registrar, checked by the client before use so that none can be marked, checked again by the key holder
 * when it is redeemed (protocol.md §3). Knows the handle while it issues; never a pseudonym. No clock: the caller brings the day.
 */
import { concat, fromBase64Url, TICKET_DAYS } from '#contracts';
import type { DayListBody, Handle } from '#contracts';
import { importSigner, kidOf, verifySignature } from './ed25519.js';
import type { Signer } from './ed25519.js';
import { sealHandle } from './sealed-handle.js';
import { TicketError } from './ticket-error.js';
import { JTI_LENGTH, readTicket, ticketHead, ticketMessage } from './ticket-layout.js';
import type { Ticket } from './ticket-layout.js';
import { importAesKey, randomBytes } from './webcrypto.js';

export interface TicketIssuer {
  readonly keyHolderId: string;
  readonly kid: string;
  readonly signer: Signer;
  readonly sealKey: CryptoKey;
}

/** The registrar's side: `signingKey` PKCS #8 DER, `sealKey` 32 bytes shared with the key holder. */
export async function ticketIssuer(keys: {
  readonly keyHolderId: string;
  readonly signingKey: Uint8Array;
  readonly sealKey: Uint8Array;
}): Promise<TicketIssuer> {
  const signer = await importSigner(keys.signingKey);
  const sealKey = await importAesKey(keys.sealKey);
  return { keyHolderId: keys.keyHolderId, kid: await kidOf(signer.publicKey), signer, sealKey };
}

/** One ticket of 137 bytes for this handle, taken on `day`. */
export async function issueTicket(issuer: TicketIssuer, handle: Handle, day: number): Promise<Uint8Array> {
  const jti = randomBytes(JTI_LENGTH);
  const sealedHandle = await sealHandle(issuer.sealKey, issuer.keyHolderId, jti, handle);
  const head = ticketHead({ kid: issuer.kid, jti, notAfter: day + TICKET_DAYS, sealedHandle });
  return concat(head, await issuer.signer.sign(ticketMessage(head)));
}

/**
 * The client's check of a ticket it was just given. Throws TicketError on an odd length or version, on any kid but the day's one,
 * on any notAfter but the day's, and on a wrong signature: a ticket that differs from everybody's could be recognised later.
 */
export async function checkTicket(bytes: Uint8Array, today: DayListBody): Promise<Ticket> {
  const { ticket, head } = readTicket(bytes);
  if (ticket.kid !== today.ticket.kid) throw new TicketError('kid');
  if (ticket.notAfter !== today.day + TICKET_DAYS) throw new TicketError('not-after');
  if (!(await verifySignature(fromBase64Url(today.ticket.key), ticketMessage(head), ticket.signature)))
    throw new TicketError('signature');
  return ticket;
}

/** A registrar key the key holder accepts: kid, and the public key as base64url of 32 bytes. */
export interface TicketKey {
  readonly kid: string;
  readonly key: string;
  /** last day it was the ticket key of a day list; none while it is */
  readonly lastDay?: number;
}

/**
 * The key holder's check at redemption, by all ticket keys it still accepts. Throws TicketError('length' | 'version' | 'kid' |
 * 'signature'), then 'expired' when `day` is over notAfter and 'not-after' when it lives longer than any ticket of its key may.
 */
export async function verifyTicket(bytes: Uint8Array, keys: readonly TicketKey[], day: number): Promise<Ticket> {
  const { ticket, head } = readTicket(bytes);
  const signedBy = keys.find(({ kid }) => kid === ticket.kid);
  if (!signedBy) throw new TicketError('kid');
  if (!(await verifySignature(fromBase64Url(signedBy.key), ticketMessage(head), ticket.signature)))
    throw new TicketError('signature');
  if (day > ticket.notAfter) throw new TicketError('expired');
  if (ticket.notAfter > Math.min(day, signedBy.lastDay ?? day) + TICKET_DAYS) throw new TicketError('not-after');
  return ticket;
}
