/** `fetch` that keeps what a service answers when it refuses, headers and body: an item of the side that answered. */
import type { Item, Side } from './item.js';

export class Recorder {
  readonly refusals: Item[] = [];
  /** Bodies that were sent to nyms to redeem a ticket. */
  readonly redemptions: string[] = [];

  of(side: Side, send: typeof fetch = fetch): typeof fetch {
    return async (target, init) => {
      const response = await send(target, init);
      const { pathname } = new URL(String(target));
      if (pathname === '/v1/pseudonyms' && typeof init?.body === 'string') this.redemptions.push(init.body);
      if (response.ok) return response;
      const body = await response.clone().text();
      this.refusals.push({
        side,
        where: `answer ${response.status} of ${pathname.split('/').slice(0, 3).join('/')}`,
        parts: [body, ...[...response.headers].filter(([name]) => name !== 'date').flat()],
      });
      return response;
    };
  }
}
