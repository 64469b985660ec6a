/** An account holder's client, and what only it knows: which pseudonyms and which tickets are its own. The truth of the test. */
import { NymtallyClient } from '#client-sdk';
import { fromBase64Url } from '#contracts';
import { readTicket } from '#tickets';
import type { Service } from './service.js';

/** One redemption as the client remembers it. */
export interface Mint {
  readonly uri: string;
  /** of the ticket that was spent, 16 bytes */
  readonly jti: Uint8Array;
}

export class Person {
  private readonly client: NymtallyClient;
  /** One request of a person at a time: its device does one thing after the other. */
  private last: Promise<unknown> = Promise.resolve();

  constructor(
    readonly subject: string,
    service: Service,
  ) {
    this.client = new NymtallyClient({
      registrarUrl: service.stack.urls.registrar,
      nymsUrl: service.stack.urls.nyms,
      rootFingerprint: service.rootFingerprint,
      domain: service.domain,
      accessToken: () => service.accessToken(subject),
      now: () => service.now(),
    });
  }

  enrol(): Promise<void> {
    return this.inTurn(() => this.client.enrol());
  }

  takeTickets(count: number): Promise<void> {
    return this.inTurn(async () => void (await this.client.takeTickets(count)));
  }

  /** Turns one ticket into a pseudonym now: the order of a world stands for the client's delay. */
  redeem(): Promise<Mint> {
    return this.inTurn(async () => {
      const { state } = this.client;
      const before = state.tickets;
      const { id } = await this.client.prepare({ immediately: true });
      const outcome = await this.client.redeem(id);
      if (outcome.outcome !== 'minted')
        throw new Error(`a pseudonym was refused (${outcome.code}, ${outcome.reason ?? 'no reason'})`);
      const spent = before.find((ticket) => !state.tickets.includes(ticket));
      if (spent === undefined) throw new Error('a pseudonym was minted without a ticket');
      return { uri: outcome.pseudonym.uri, jti: readTicket(fromBase64Url(spent)).ticket.jti };
    });
  }

  renew(uri: string): Promise<void> {
    return this.inTurn(async () => void (await this.client.renew(uri, { immediately: true })));
  }

  private inTurn<T>(act: () => Promise<T>): Promise<T> {
    const done = this.last.then(act);
    this.last = done.catch(() => undefined);
    return done;
  }
}
