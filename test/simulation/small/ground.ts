/**
 * What small worlds stand on, one after the other: two real databases, a whole key holder on HTTP, the files that processes pin. Each
 * world begins with empty tables and a key holder that was started on them.
 */
import { generateKeyPairSync } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { readdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import pg from 'pg';
import { toBase64Url } from '#contracts';
import type { PolicyDocument } from '#contracts';
import { openScheme } from '#he';
import type { EvaluationScheme } from '#he';
import { generateSigningKey } from '#platform';
import { pinnedPeople, PolicyStore } from '#policy';
import type { KeyHolderPin } from '#tallies';
import { KeyholderClient } from '../../../apps/correlator/src/keyholder/keyholder-client.js';
import { Writer } from '../../../apps/keyholder/src/database/writer.js';
import { World } from '../../integration/keyholder-minting-world.js';
import { createDatabase } from '../../servers/database.js';
import type { TestDatabase } from '../../servers/database.js';
import { Mortality } from './mortality.js';
import type { Death } from './operations.js';
import { firstPolicy } from './small-policy.js';

export const hubCount = 5;
const set = 'plain-n2048';

export class Ground {
  readonly moderator = generateSigningKey();
  readonly hubKeys: readonly { readonly privateKey: KeyObject; readonly publicKey: KeyObject }[] = Array.from(
    { length: hubCount },
    () => generateKeyPairSync('ed25519'),
  );
  log: string[] = [];
  private readonly stores = new Set<PolicyStore>();
  private readonly sql: { readonly nyms: pg.Pool; readonly keyholder: pg.Pool };

  private constructor(
    readonly world: World,
    private readonly database: TestDatabase,
    readonly scheme: EvaluationScheme,
  ) {
    const pool = ({ superUrl }: TestDatabase) => new pg.Pool({ connectionString: superUrl, max: 3 });
    this.sql = { nyms: pool(database), keyholder: pool(world.database) };
  }

  static async open(): Promise<Ground> {
    const options = { parameterSet: set, cohortsPerBlock: 3, policy: { parameterSet: set } } as const;
    const [world, database, scheme] = await Promise.all([World.open(options), createDatabase('nyms'), openScheme(set)]);
    return new Ground(world, database, scheme);
  }

  async close(): Promise<void> {
    for (const store of this.stores) store.close();
    await Promise.all([this.sql.nyms.end(), this.sql.keyholder.end()]);
    await this.scheme.close();
    await this.world.close();
    await this.database.drop();
  }

  /** Empties both databases and starts the key holder again, with this policy alone. */
  async clear(minPseudonyms: number): Promise<PolicyDocument> {
    await this.world.app.close();
    await Promise.all([truncateAll(this.sql.nyms), truncateAll(this.sql.keyholder)]);
    this.world.logWitness.forget();
    for (const file of readdirSync(this.world.folder)) {
      if (file.startsWith('policy-')) rmSync(path.join(this.world.folder, file));
    }
    // else the key holder would find its database gone, and begin another generation
    rmSync(path.join(this.world.folder, 'secrets', 'generation'));
    const moderator = toBase64Url(this.moderator.publicKey);
    const publicKeys = this.hubKeys.map(({ publicKey }) => publicKey);
    const policy = { ...firstPolicy(publicKeys, moderator, set), minPseudonyms };
    this.world.install(policy);
    this.log = [];
    await this.startKeyholder();
    return policy;
  }

  /** As after a crash: the process is gone, its database is not. */
  async restartKeyholder(): Promise<void> {
    await this.world.app.close();
    await this.startKeyholder();
  }

  private async startKeyholder(): Promise<void> {
    this.world.app = await this.world.start();
  }

  /** From now on the key holder dies at this statement; call `restartKeyholder` then. */
  async doomKeyholder(death: Death): Promise<Mortality> {
    const mortality = new Mortality(death);
    const writer = this.world.app.get(Writer);
    await writer.check();
    mortality.wrap(Reflect.get(writer, 'client') as pg.Client);
    return mortality;
  }

  install(policy: PolicyDocument): void {
    this.world.install(policy);
    for (const store of this.stores) store.look();
  }

  openPolicies(): PolicyStore {
    const people = pinnedPeople(path.join(this.world.folder, 'people.json'));
    const store = new PolicyStore({ folder: this.world.folder, people, production: false }).open();
    this.stores.add(store);
    return store;
  }

  closePolicies(store: PolicyStore): void {
    store.close();
    this.stores.delete(store);
  }

  /** The correlator's real client, of whatever process listens now. */
  readonly keyholder = {
    parameters: () => this.client().parameters(),
    decide: (body: AsyncIterable<Uint8Array>) => this.client().decide(body),
  };

  private client(): KeyholderClient {
    return new KeyholderClient(this.world.certificates.client('correlator', 'keyholder', this.world.url));
  }

  get keys() {
    return { correlator: this.world.correlator, witness: this.world.witness };
  }
  get clock() {
    return this.world.clock;
  }
  get witnesses() {
    return new Map([['witness-1', this.world.witness.publicKey]]);
  }
  get correlators() {
    return new Map([['correlator-1', this.world.correlator.publicKey]]);
  }
  get pin(): KeyHolderPin {
    return { ...this.world.pinned, parameterSet: set };
  }
  nymsUrl(role: string): string {
    return this.database.urlFor(role);
  }

  /** As somebody who may see everything. */
  async nyms<R extends object>(query: string, values: unknown[] = []): Promise<R[]> {
    return (await this.sql.nyms.query<R>(query, values)).rows;
  }
  async keyholderRows<R extends object>(query: string, values: unknown[] = []): Promise<R[]> {
    return (await this.sql.keyholder.query<R>(query, values)).rows;
  }
}

/** The log of the key holder is append-only, so its trigger has to look away. */
async function truncateAll(client: pg.Pool): Promise<void> {
  const { rows } = await client.query<{ name: string }>(
    `SELECT format('%I.%I', schemaname, tablename) AS name FROM pg_tables
     WHERE schemaname IN ('pseudonyms', 'signals', 'tallies', 'witness', 'keyholder')`,
  );
  const tables = rows.map(({ name }) => name).join(', ');
  await client.query(`SET session_replication_role = replica; TRUNCATE ${tables} CASCADE; RESET session_replication_role`);
}
