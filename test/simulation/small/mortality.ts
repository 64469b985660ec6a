/**
 * kill −9 at a chosen database statement: every connection of the process is cut at once, before the statement is sent or after the server
 * has done it, and nothing it does afterwards reaches the database. So each point between two steps can be named, played and shrunk.
 */
import type pg from 'pg';
import type { Death } from './operations.js';

interface Cut {
  readonly connection?: { readonly stream?: { destroy(): void } };
}

export class Mortality {
  statements = 0;
  dead = false;
  private readonly clients = new Set<pg.ClientBase>();

  constructor(private readonly death?: Death) {}

  /** Before the pool is used. */
  watch<P extends pg.Pool>(pool: P): P {
    pool.on('error', () => undefined);
    pool.on('connect', (client) => this.wrap(client));
    return pool;
  }

  wrap(client: pg.ClientBase): void {
    this.clients.add(client);
    client.on('error', () => undefined);
    const query = client.query.bind(client) as (...all: unknown[]) => unknown;
    const counted = (...all: unknown[]): unknown => {
      const last = ++this.statements === this.death?.at;
      if (this.dead || (last && !this.death.sent)) this.die();
      return last && this.death.sent ? this.lastWords(query, all) : query(...all);
    };
    client.query = counted as typeof client.query;
  }

  die(): void {
    this.dead = true;
    for (const client of this.clients) (client as Cut).connection?.stream?.destroy();
  }

  /** The statement is done, and its answer never comes. */
  private lastWords(query: (...all: unknown[]) => unknown, all: unknown[]): unknown {
    const gone = new Error('the process was killed');
    const callback = all.at(-1);
    if (typeof callback === 'function') {
      return query(...all.slice(0, -1), () => {
        this.die();
        (callback as (error: Error) => void)(gone);
      });
    }
    return (query(...all) as Promise<unknown>).then(
      () => {
        this.die();
        throw gone;
      },
      (error: unknown) => {
        this.die();
        throw error;
      },
    );
  }
}
