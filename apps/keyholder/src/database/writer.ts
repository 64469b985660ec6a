/**
 * The one connection that writes handles, positions and spent marks, and the proof that there is only one: it holds a PostgreSQL
 * advisory lock, and every transaction runs on it, one after the other. A second key holder on the same database would hand out a
 * slot twice; it refuses to start, and a first one that lost its connection cannot write until it holds the lock again.
 */
import { setTimeout as wait } from 'node:timers/promises';
import pg from 'pg';
import { Problem } from '#contracts';

/** 'nymt' ‖ 'kh01' */
const LOCK = 7_453_299_470_115_581_489n;
/** A killed predecessor's session ends as soon as PostgreSQL notices; a running one never does. */
const PATIENCE_MS = 3_000;

export type Transaction = Pick<pg.Client, 'query'>;

/** Another key holder holds the lock. */
export class SecondKeyholder extends Error {
  override readonly name = 'SecondKeyholder';
  constructor() {
    super('another key holder runs on this database: stop it first');
  }
}

export class Writer {
  private client: pg.Client | undefined;
  private queue: Promise<unknown> = Promise.resolve();
  private closed = false;
  /** Grows with each new hold of the lock: what was remembered under an earlier one must be read again. */
  generation = 0;

  /** @param patienceMs how long to wait for the lock */
  constructor(
    private readonly url: string,
    private readonly patienceMs = PATIENCE_MS,
  ) {}

  /** @throws SecondKeyholder */
  async open(): Promise<this> {
    await this.hold();
    return this;
  }

  /** Runs `work` between BEGIN and COMMIT, after whatever was asked for before. Rejections roll back. */
  transaction<T>(work: (transaction: Transaction) => Promise<T>): Promise<T> {
    return this.inTurn(async () => {
      const client = await this.hold();
      await client.query('BEGIN');
      try {
        const result = await work(client);
        await client.query('COMMIT');
        return result;
      } catch (error) {
        // a connection that cannot roll back is dropped, and the lock with it
        await client.query('ROLLBACK').catch(() => this.drop(client));
        throw error;
      }
    });
  }

  /** For readiness: the lock is held and the database answers. */
  async check(): Promise<void> {
    await this.inTurn(async () => (await this.hold()).query('SELECT 1'));
  }

  async close(): Promise<void> {
    this.closed = true;
    await this.inTurn(async () => {
      const client = this.client;
      this.client = undefined;
      await client?.end();
    }).catch(() => undefined);
  }

  private inTurn<T>(work: () => Promise<T>): Promise<T> {
    const result = this.queue.then(work);
    this.queue = result.catch(() => undefined);
    return result;
  }

  private async hold(): Promise<pg.Client> {
    if (this.client) return this.client;
    if (this.closed) throw new Problem('service-unavailable');
    const client = new pg.Client({ connectionString: this.url, application_name: 'keyholder writer' });
    client.on('error', () => this.drop(client));
    client.on('end', () => this.drop(client));
    await client.connect();
    try {
      await takeLock(client, this.patienceMs);
    } catch (error) {
      await client.end().catch(() => undefined);
      throw error;
    }
    this.generation += 1;
    this.client = client;
    return client;
  }

  private drop(client: pg.Client): void {
    if (this.client !== client) return;
    this.client = undefined;
    client.end().catch(() => undefined);
  }
}

async function takeLock(client: pg.Client, patienceMs: number): Promise<void> {
  const deadline = performance.now() + patienceMs;
  for (;;) {
    const { rows } = await client.query<{ held: boolean }>('SELECT pg_try_advisory_lock($1) AS held', [LOCK.toString()]);
    if (rows[0]?.held) return;
    if (performance.now() > deadline) throw new SecondKeyholder();
    await wait(100);
  }
}
