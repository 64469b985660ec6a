/**
 * Tickets, and what client, registrar and key holder say with them (protocol.md §2, §3). Runs in Node and in browsers. Knows the
 * formats; holds no state, reads no clock, and never sees an account beside a pseudonym.
 */
export { TicketError, ticketFaults } from './ticket-error.js';
export type { TicketFault } from './ticket-error.js';
export { generateSigningKey, importSigner, kidOf, verifySignature } from './ed25519.js';
export type { Signer } from './ed25519.js';
export { importAesKey, randomBytes, sha256 } from './webcrypto.js';
export { openHandle, sealHandle } from './sealed-handle.js';
export { JTI_LENGTH, readTicket, TICKET_LENGTH } from './ticket-layout.js';
export type { Ticket } from './ticket-layout.js';
export { checkTicket, issueTicket, ticketIssuer, verifyTicket } from './ticket.js';
export type { TicketIssuer, TicketKey } from './ticket.js';
export { SALT_LENGTH, subjectOf } from './subject.js';
export { signRedeem, verifyRedeem } from './redeem.js';
export { generateWrapKey, hpkeSuite, importWrapKey, unwrapTicket, WRAPPED_LENGTH, wrapTicket } from './wrap.js';
export type { Unwrapped, WrapKey, Wrapped } from './wrap.js';
export { noReason, openReason, refusalReasons, SEALED_REASON_LENGTH, sealReason } from './sealed-reason.js';
export type { RefusalReason } from './sealed-reason.js';
export { fingerprintOf, signDayList, verifyDayList } from './day-list.js';
export {
  handleCommitment,
  signCallOff,
  signEnrolment,
  verifyCallOff,
  signReceipt,
  verifyEnrolment,
  verifyReceipt,
} from './enrolment.js';
export type { Receipt } from './enrolment.js';
export {
  addClientMessage,
  clientKeyType,
  generateClientKey,
  importClientSigner,
  possessionMessage,
  renewMessage,
  verifyClientSignature,
} from './client-proof.js';
export type { ClientKeyType, ClientSigner } from './client-proof.js';
