/**
 * Layout of a ticket, version 1: 137 bytes, nothing optional, so that no bit of it can carry a mark (protocol.md §3).
 *
 *   v 1 ‖ kid 8 ‖ jti 16 ‖ notAfter u32 (day) ‖ sealedHandle 12+16+16 ‖ signature 64        (big-endian)
 */
import { concat, frame, fromBase64Url, labels, toBase64Url } from '#contracts';
import { KID_LENGTH, SIGNATURE_LENGTH } from './ed25519.js';
import { SEALED_HANDLE_LENGTH } from './sealed-handle.js';
import { TicketError } from './ticket-error.js';

export const TICKET_VERSION = 1;
export const JTI_LENGTH = 16;
const KID_AT = 1;
const JTI_AT = KID_AT + KID_LENGTH;
const NOT_AFTER_AT = JTI_AT + JTI_LENGTH;
const SEALED_AT = NOT_AFTER_AT + 4;
const SIGNATURE_AT = SEALED_AT + SEALED_HANDLE_LENGTH;
export const TICKET_LENGTH = SIGNATURE_AT + SIGNATURE_LENGTH;

export interface UnsignedTicket {
  /** base64url of 8 bytes, names the key that signs */
  readonly kid: string;
  /** 16 random bytes */
  readonly jti: Uint8Array;
  /** last day on which it can be redeemed */
  readonly notAfter: number;
  /** 44 bytes */
  readonly sealedHandle: Uint8Array;
}
export interface Ticket extends UnsignedTicket {
  /** 64 bytes */
  readonly signature: Uint8Array;
}

/** Everything before the signature. */
export function ticketHead(ticket: UnsignedTicket): Uint8Array {
  const notAfter = new Uint8Array(4);
  new DataView(notAfter.buffer).setUint32(0, ticket.notAfter);
  return concat(Uint8Array.of(TICKET_VERSION), fromBase64Url(ticket.kid), ticket.jti, notAfter, ticket.sealedHandle);
}

/** What the ticket key signs. */
export const ticketMessage = (head: Uint8Array): Uint8Array => frame(labels.ticket, head);

/** Reads the layout and nothing more: no signature, key or date is looked at. Throws TicketError('length' | 'version'). */
export function readTicket(bytes: Uint8Array): { readonly ticket: Ticket; readonly head: Uint8Array } {
  if (bytes.length !== TICKET_LENGTH) throw new TicketError('length');
  if (bytes[0] !== TICKET_VERSION) throw new TicketError('version');
  const ticket = {
    kid: toBase64Url(bytes.subarray(KID_AT, JTI_AT)),
    jti: bytes.slice(JTI_AT, NOT_AFTER_AT),
    notAfter: new DataView(bytes.buffer, bytes.byteOffset).getUint32(NOT_AFTER_AT),
    sealedHandle: bytes.slice(SEALED_AT, SIGNATURE_AT),
    signature: bytes.slice(SIGNATURE_AT),
  };
  return { ticket, head: bytes.slice(0, SIGNATURE_AT) };
}
