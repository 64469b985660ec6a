/**
 * `mint(wrapped, subject)`: what opens and what does not goes through the same pool, so that every answer of a pool leaves at the
 * same moment, whatever it is. What it tells of a refusal only the client can read.
 */
import { Inject, Injectable } from '@nestjs/common';
import type { BeforeApplicationShutdown } from '@nestjs/common';
import { fromBase64Url } from '#contracts';
import { Clock, Metrics, WritePool } from '#platform';
import type { CounterMetric } from '#platform';
import { toSelectorJson } from '#pseudonyms';
import type { SelectorJson } from '#pseudonyms';
import { WrapKeys } from '../day-list/wrap-keys.js';
import { refusedBecause } from '../answers/refusal.js';
import { Generation } from '../generation/generation.js';
import { KeyholderKeys } from '../keys/keyholder-keys.js';
import { MintLedger } from './mint-ledger.js';
import type { MintResult } from './mint-ledger.js';
import { openTicket } from './opened-ticket.js';
import type { ClosedTicket, OpenedTicket, OpeningKeys } from './opened-ticket.js';

/** Injection token of the keys that tickets are opened with, besides our own. */
export const TICKET_OPENERS = Symbol('ticket openers');
export interface TicketOpeners extends Pick<OpeningKeys, 'sealKey'> {
  readonly ticketKeys: { readonly accepted: OpeningKeys['ticketKeys'] };
}

export const POOL = { maxSize: 64, maxDelayMs: 50 } as const;
const outcomes = { outcome: ['minted', 'refused'] } as const;

@Injectable()
export class MintingService implements BeforeApplicationShutdown {
  private readonly pool: WritePool<OpenedTicket | ClosedTicket, MintResult>;
  private readonly counter: CounterMetric<typeof outcomes>;

  constructor(
    private readonly clock: Clock,
    private readonly keys: KeyholderKeys,
    private readonly wrapKeys: WrapKeys,
    private readonly generation: Generation,
    @Inject(TICKET_OPENERS) private readonly openers: TicketOpeners,
    ledger: MintLedger,
    metrics: Metrics,
  ) {
    this.counter = metrics.counter('nymtally_keyholder_mints_total', 'mints by outcome', outcomes);
    this.pool = new WritePool({ ...POOL, flush: (tickets) => mintOpened(ledger, tickets) });
  }

  /** @throws Problem 'answer-refused' with the reason sealed for the client; restore-unfinished or log-unavailable, alike for everybody */
  async mint(wrapped: string, subject: Uint8Array): Promise<SelectorJson> {
    const ticket = await this.open(wrapped, subject);
    const result = await this.pool.add(ticket);
    this.counter.inc({ outcome: result.kind });
    if (result.kind === 'refused') throw await refusedBecause(result.reason, ticket.reasonKey);
    const { selectorId, keyEpoch, cohort, period, expiryDay, bytes } = result;
    return toSelectorJson(this.keys.signSelector({ selectorId, keyEpoch, cohort, period, expiryDay, subject, bytes }));
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.pool.drain();
  }

  private async open(wrapped: string, subject: Uint8Array): Promise<OpenedTicket | ClosedTicket> {
    const day = this.clock.today();
    const { keyHolderId, prf } = this.keys;
    const { sealKey, ticketKeys } = this.openers;
    const { generation } = this;
    const wrapKeys = this.wrapKeys.accepted(day);
    const keys: OpeningKeys = { sealKey, ticketKeys: ticketKeys.accepted, keyHolderId, prf, generation, wrapKeys };
    let bytes: Uint8Array;
    try {
      bytes = fromBase64Url(wrapped);
    } catch {
      bytes = new Uint8Array(); // opens as little as any other wrong length
    }
    return openTicket(keys, bytes, subject, day);
  }
}

async function mintOpened(ledger: MintLedger, tickets: readonly (OpenedTicket | ClosedTicket)[]): Promise<MintResult[]> {
  const minted = (await ledger.mint(tickets.filter((ticket) => ticket.kind === 'opened'))).values();
  return tickets.map((ticket) => (ticket.kind === 'opened' ? minted.next().value! : { kind: 'refused', reason: ticket.reason }));
}
