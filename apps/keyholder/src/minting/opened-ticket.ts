/**
 * A wrapped ticket, opened as far as that needs no database: HPKE, the registrar's signature, its days, the sealed handle
 * (protocol.md §3, step 4). From here on the key holder knows a handle and a subject; it keeps neither beside the other.
 */
import { createHash } from 'node:crypto';
import { TICKET_DAYS, type Handle } from '#contracts';
import { openHandle, TicketError, unwrapTicket, verifyTicket } from '#tickets';
import type { RefusalReason, Ticket, TicketKey, Unwrapped, WrapKey } from '#tickets';
import type { Generation } from '../generation/generation.js';
import { prfLabels } from '../keys/prf.js';
import type { Prf } from '../keys/prf.js';

export interface OpenedTicket {
  readonly kind: 'opened';
  readonly handle: Handle;
  /** 16 bytes */
  readonly jti: Uint8Array;
  readonly subject: Uint8Array;
  /** 64 bytes, not checked yet: that takes the holder key */
  readonly redeem: Uint8Array;
  /** HMAC(k, jti), 32 bytes */
  readonly mark: Uint8Array;
  /** H(wrapped), 32 bytes: seed of everything that is drawn for this mint */
  readonly wrappedHash: Uint8Array;
  /** last day of the ticket */
  readonly notAfter: number;
  readonly reasonKey: Uint8Array;
}

/** Turned away before anything was spent. */
export interface ClosedTicket {
  readonly kind: 'closed';
  readonly reason: RefusalReason | undefined;
  readonly reasonKey: Uint8Array | undefined;
}

export interface OpeningKeys {
  readonly keyHolderId: string;
  readonly wrapKeys: readonly WrapKey[];
  readonly ticketKeys: readonly TicketKey[];
  readonly sealKey: CryptoKey;
  readonly prf: Prf;
  /** Which days' tickets are refused, because they may have been used in a state that is lost. */
  readonly generation: Pick<Generation, 'isOfBefore'>;
}

export async function openTicket(
  keys: OpeningKeys,
  wrapped: Uint8Array,
  subject: Uint8Array,
  day: number,
): Promise<OpenedTicket | ClosedTicket> {
  let unwrapped: Unwrapped | undefined;
  try {
    unwrapped = await unwrapTicket(keys.wrapKeys, wrapped, subject);
    const ticket = await verifyTicket(unwrapped.ticket, keys.ticketKeys, day);
    if (keys.generation.isOfBefore(ticket.notAfter - TICKET_DAYS)) throw new TicketError('expired');
    const handle = await openHandle(keys.sealKey, keys.keyHolderId, ticket);
    return { kind: 'opened', handle, subject, ...unwrappedFields(unwrapped, ticket), ...derived(keys.prf, ticket, wrapped) };
  } catch (error) {
    if (!(error instanceof TicketError)) throw error;
    return { kind: 'closed', reason: tellable(error), reasonKey: unwrapped?.reasonKey };
  }
}

const unwrappedFields = ({ redeem, reasonKey }: Unwrapped, { jti, notAfter }: Ticket) => ({ redeem, reasonKey, jti, notAfter });

const derived = (prf: Prf, { jti }: Ticket, wrapped: Uint8Array) => ({
  mark: prf.bytes(prfLabels.spent, jti),
  wrappedHash: createHash('sha256').update(wrapped).digest(),
});

/** A ticket key that is not accepted any more comes from an old day list; forgeries are told nothing. */
function tellable({ fault }: TicketError): RefusalReason | undefined {
  if (fault === 'expired') return 'ticket-expired';
  return fault === 'kid' ? 'stale-day-list' : undefined;
}
