/**
 * One pool of tickets, from facts to selectors: one transaction for all of them, in the shuffled order of the pool. The ciphertexts
 * are made while the database writes; no answer leaves before the commit.
 */
import { Injectable } from '@nestjs/common';
import { Clock } from '#platform';
import { verifyRedeem } from '#tickets';
import { FollowedPolicy } from '../audit/followed-policy.js';
import { Positions } from '../cohorts/positions.js';
import type { Transaction } from '../database/writer.js';
import { Generation } from '../generation/generation.js';
import { KeyholderKeys } from '../keys/keyholder-keys.js';
import { Schemes } from '../key-epochs/schemes.js';
import { MintBatch } from './mint-batch.js';
import type { Minted, Refused } from './mint-batch.js';
import { addLiveCounts, readAccounts, readSlots, readSpent, writePositions, writeSpent } from './mint.repository.js';
import type { KnownAccount } from './mint.repository.js';
import type { OpenedTicket } from './opened-ticket.js';
import { handleHex, StandingCheck } from './standing-check.js';

export type MintResult = (Minted & { readonly bytes: Uint8Array }) | Refused;

@Injectable()
export class MintLedger {
  constructor(
    private readonly clock: Clock,
    private readonly policy: FollowedPolicy,
    private readonly generation: Generation,
    private readonly positions: Positions,
    private readonly standings: StandingCheck,
    private readonly keys: KeyholderKeys,
    private readonly schemes: Schemes,
  ) {}

  /** A result for each ticket, in the order given. */
  async mint(tickets: readonly OpenedTicket[]): Promise<MintResult[]> {
    this.generation.requireSettled();
    if (tickets.length === 0) return [];
    await this.policy.some();
    let ciphertexts: Promise<Uint8Array[]> = Promise.resolve([]);
    const decisions = await this.positions.change(async (transaction, book) => {
      const { accounts, facts } = await this.read(transaction, tickets);
      const batch = new MintBatch(this.keys.prf, book, facts);
      const proven = await Promise.all(tickets.map((ticket) => isProven(ticket, accounts)));
      const decided = tickets.map((ticket, at) => batch.decide(ticket, proven[at]!));
      ciphertexts = this.encrypt(decided);
      ciphertexts.catch(() => undefined); // awaited below, unless the transaction fails first
      await writeSpent(transaction, batch.spentRows);
      await writePositions(transaction, batch.positions);
      await addLiveCounts(transaction, batch.liveCounts);
      return decided;
    });
    const made = (await ciphertexts).values();
    return decisions.map((decision) => (decision.kind === 'minted' ? { ...decision, bytes: made.next().value! } : decision));
  }

  private async read(transaction: Transaction, tickets: readonly OpenedTicket[]) {
    const day = this.clock.today();
    const handles = tickets.map(({ handle }) => handle);
    const accounts = await readAccounts(transaction, handles, day);
    const spent = await readSpent(
      transaction,
      tickets.map(({ mark }) => mark),
    );
    const slots = await readSlots(transaction, handles);
    const standing = new Set((await this.standings.refuses(transaction, handles)).keys());
    const { limits } = (await this.policy.live(transaction)).document;
    return { accounts, facts: { day, limits, accounts, spent, slots, standing } };
  }

  /** Once more when a worker was lost: the positions are decided, only the bytes are fresh. */
  private encrypt(decided: readonly (Minted | Refused)[]): Promise<Uint8Array[]> {
    const slots = decided.filter((decision) => decision.kind === 'minted');
    return this.schemes.encryptSelectors(slots).catch(() => this.schemes.encryptSelectors(slots));
  }
}

async function isProven(
  { handle, jti, subject, redeem }: OpenedTicket,
  accounts: ReadonlyMap<string, KnownAccount>,
): Promise<boolean> {
  const account = accounts.get(handleHex(handle));
  return account !== undefined && verifyRedeem(account.holderKey, jti, subject, redeem);
}
