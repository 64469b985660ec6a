/** An account holder's client, and what only it knows: which pseudonyms and which tickets are its own. The truth of the test. */
import { NymtallyClient } from '#client-sdk';
import { fromBase64Url } from '#contracts';
import { readTicket } from '#tickets';
import type { Service } from './service.js';

export class Person {
  private readonly client: NymtallyClient;
  /** tickets that were given before: two requests may be under way at once */
  private readonly noted = new Set<string>();

  constructor(
    readonly subject: string,
    service: Service,
  ) {
    const redemptions = `${service.stack.urls.nyms}/v1/pseudonyms`;
    this.client = new NymtallyClient({
      registrarUrl: service.stack.urls.registrar,
      nymsUrl: service.stack.urls.nyms,
      rootFingerprint: service.rootFingerprint,
      domain: service.domain,
      accessToken: () => service.accessToken(subject),
      now: () => service.now(),
      fetch: {
        registrar: fetch,
        async nyms(target, init) {
          if (String(target) === redemptions) await service.burst?.pass();
          return fetch(target, init);
        },
      },
    });
  }

  enrol(): Promise<void> {
    return this.client.enrol();
  }

  /** Gives the tickets' ids: 16 bytes each. */
  async takeTickets(count: number): Promise<Uint8Array[]> {
    await this.client.takeTickets(count);
    const taken = this.client.state.tickets.filter((ticket) => !this.noted.has(ticket));
    for (const ticket of taken) this.noted.add(ticket);
    return taken.map((ticket) => readTicket(fromBase64Url(ticket)).ticket.jti);
  }

  /** Turns one ticket into a pseudonym now and gives its address: the order of a world stands for the client's delay. */
  async redeem(): Promise<string> {
    const { id } = await this.client.prepare({ immediately: true });
    const outcome = await this.client.redeem(id);
    if (outcome.outcome === 'minted') return outcome.pseudonym.uri;
    throw new Error(`a pseudonym was refused (${outcome.code}, ${outcome.reason ?? 'no reason'})`);
  }

  async renew(uri: string): Promise<void> {
    await this.client.renew(uri, { immediately: true });
  }
}
