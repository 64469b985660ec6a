/** Why bytes were refused. For tests, counters and the client's own message; on the wire every refusal looks alike. */
export const ticketFaults = [
  'length',
  'version',
  'kid',
  'not-after',
  'expired',
  'signature',
  'sealed-handle',
  'redeem',
  'wrapped',
  'day-list',
  'receipt',
] as const;
export type TicketFault = (typeof ticketFaults)[number];

export class TicketError extends Error {
  override readonly name = 'TicketError';
  constructor(readonly fault: TicketFault) {
    super(`refused: ${fault}`);
  }
}
