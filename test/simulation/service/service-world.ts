/** Plays a script on real processes, some of which are killed meanwhile, and writes down what clients and hubs were told. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { Redis } from 'ioredis';
import pg from 'pg';
import type { PolicyDocument } from '#contracts';
import { startStack } from '../../../apps/ctl/src/stack/stack.js';
import type { Stack } from '../../../apps/ctl/src/stack/stack.js';
import { readPin } from '../../../apps/keyholder/src/keys/pin.js';
import { History } from '../judge/history.js';
import { expectedCommended, expectedSuspended, sides } from '../judge/judged.js';
import type { Judged } from '../judge/judged.js';
import { Oracle } from '../judge/oracle.js';
import type { Operation, Script } from './operations.js';
import { until } from './persistence.js';
import { ServiceHubs } from './service-hubs.js';
import { ServicePerson, subjectOf } from './service-people.js';
import { servicePolicy } from './service-policy.js';

export class ServiceWorld implements Judged {
  readonly history: History;
  readonly oracle: Oracle;
  readonly people: ServicePerson[] = [];
  readonly hubs: ServiceHubs;
  /** Longest wait for the answer about an epoch, ms. */
  slowestEpochMs = 0;
  kills = 0;
  /** Kills that have not come yet or are not over. */
  private readonly troubles = new Map<string, Promise<void>>();
  /** Apps that are starting, and the database that is down: an app that finds none at its start ends, and nobody here starts it again. */
  private readonly starting = new Set<Promise<void>>();
  private crashing: Promise<void> | undefined;

  private constructor(
    readonly stack: Stack,
    private readonly redis: Redis | undefined,
    private readonly unexpected: string[],
  ) {
    this.history = new History(stack.policy());
    this.oracle = new Oracle(this.history);
    this.hubs = new ServiceHubs(stack);
  }

  static async begin({ accounts }: Script, redisUrl: string | undefined): Promise<ServiceWorld> {
    const unexpected: string[] = [];
    const stack = await startStack({
      parameterSet: 'plain-n2048',
      ephemeral: true,
      hubs: 5,
      cohortsPerBlock: 3,
      policy: (document: PolicyDocument) => servicePolicy(document),
      logLevel: 'warn',
      onUnexpectedExit: ({ spec }) => unexpected.push(spec.name),
      ...(redisUrl !== undefined && { redisUrl }),
    });
    const redis = redisUrl === undefined ? undefined : new Redis(redisUrl, { lazyConnect: true });
    const world = new ServiceWorld(stack, redis, unexpected);
    for (const [account, pseudonyms] of accounts.entries()) {
      world.people.push(new ServicePerson(stack, account));
      await world.people[account]!.enrol();
      for (let i = 0; i < pseudonyms; i++) await world.mint(account);
    }
    return world;
  }

  async end(): Promise<void> {
    await Promise.allSettled(this.troubles.values());
    this.redis?.disconnect();
    await this.stack.stop();
    if (this.unexpected.length > 0) throw new Error(`ended by itself: ${this.unexpected.join(', ')}`);
  }

  async play(operation: Operation): Promise<void> {
    switch (operation.op) {
      case 'mint':
        return this.mint(operation.account % this.people.length);
      case 'push':
        for (let hub = 0; hub < this.stack.keys.hubs.length; hub++) {
          if (operation.hubs & (1 << hub)) await this.push(hub, this.uriAt(operation.about), operation.kind);
        }
        return;
      case 'replay':
        return this.replay(operation.set);
      case 'take-back':
        return this.takeBack(operation);
      case 'rule':
        return this.rule(operation);
      case 'kill':
        return this.trouble(operation.process, operation.afterMs, async () => {
          this.kills++;
          await this.stack.processes[operation.process].kill();
          await wait(operation.downMs);
          await this.restart(operation.process);
        });
      case 'crash-database':
        return this.trouble(operation.database, operation.afterMs, () => this.crash(operation.database));
      case 'flush':
        return this.trouble('redis', operation.afterMs, async () => void (await this.redis?.flushdb()));
      case 'epoch':
        return this.epoch();
    }
  }

  /** All killed processes are back. */
  async calm(): Promise<void> {
    await Promise.all(this.troubles.values());
  }

  nyms = <R extends object>(query: string, values: unknown[] = []) => this.ask<R>('nyms', query, values);
  keyholder = <R extends object>(query: string, values: unknown[] = []) => this.ask<R>('keyholder', query, values);

  get rootKey(): Uint8Array {
    const pin = readFileSync(path.join(this.stack.dataDir, 'config', 'keyholder-public.json'), 'utf8');
    return readPin(pin).rootKey;
  }

  async handles(): Promise<Uint8Array[]> {
    const rows = await this.ask<{ subject: string; handle: Buffer }>(
      'registrar',
      'SELECT subject, handle FROM registrar.accounts',
    );
    return this.people.map((_, account) => rows.find(({ subject }) => subject === subjectOf(account))!.handle);
  }

  /** A connection for each question: the cluster may have been killed since the last. */
  async ask<R extends object>(database: 'registrar' | 'nyms' | 'keyholder', query: string, values: unknown[] = []): Promise<R[]> {
    await this.troubles.get(database);
    const client = new pg.Client({ connectionString: this.stack.databases.superUrls[database] });
    client.on('error', () => undefined);
    await client.connect();
    try {
      return (await client.query<R>(query, values)).rows;
    } finally {
      await client.end();
    }
  }

  /** One trouble of a kind at a time. */
  private async trouble(name: string, afterMs: number, make: () => Promise<void>): Promise<void> {
    await this.troubles.get(name);
    const done = wait(afterMs).then(make);
    done.catch(() => undefined); // told by calm()
    this.troubles.set(name, done);
  }

  /** Beside other starts, since one may have to wait for another; never beside a crash. */
  private async restart(name: Parameters<Stack['restart']>[0]): Promise<void> {
    while (this.crashing) await this.crashing;
    const done = this.stack.restart(name);
    this.starting.add(done);
    await done.finally(() => this.starting.delete(done));
  }

  /** Once nobody is starting. */
  private async crash(database: Parameters<Stack['databases']['crash']>[0]): Promise<void> {
    while (this.crashing || this.starting.size > 0) await Promise.allSettled([this.crashing, ...this.starting]);
    this.crashing = this.stack.databases.crash(database).finally(() => (this.crashing = undefined));
    await this.crashing;
  }

  private async mint(account: number): Promise<void> {
    const outcome = await this.people[account]!.mint();
    const known = this.history.pseudonyms.filter((one) => one.account === account).length;
    const { freePseudonyms, maxPseudonyms } = this.history.policy.limits;
    const suspended = (await expectedSuspended(this)).has(account);
    const most = (await expectedCommended(this)).has(account) ? maxPseudonyms : freePseudonyms;
    const minted = typeof outcome === 'object' && outcome.outcome === 'minted' ? outcome.pseudonym : undefined;
    if ((minted !== undefined) !== (!suspended && known < most)) {
      throw new Error(`a mint of account ${account} with ${known} pseudonyms: ${JSON.stringify(outcome)}`);
    }
    if (!minted) return;
    const [row] = await this.nyms<{ cohort: number }>('SELECT cohort FROM pseudonyms.selectors WHERE uri = $1', [minted.uri]);
    this.history.pseudonyms.push({ uri: minted.uri, account, cohort: row!.cohort });
  }

  private uriAt(about: number): string {
    const { pseudonyms, policy } = this.history;
    return pseudonyms[about % (pseudonyms.length + 1)]?.uri ?? `mimi://${policy.domain}/p/nobody-knows-this-one`;
  }

  private async push(hub: number, uri: string, kind: Parameters<ServiceHubs['make']>[2], names?: string): Promise<void> {
    const set = this.hubs.make(hub, uri, kind, names);
    await this.hubs.push(set);
    this.history.sets.push(set);
  }

  private async replay(at: number): Promise<void> {
    const { sets } = this.history;
    if (sets.length > 0) await this.hubs.push(sets[at % sets.length] as Parameters<ServiceHubs['push']>[0]);
  }

  private async takeBack({ set: at, by }: Extract<Operation, { op: 'take-back' }>): Promise<void> {
    const { sets } = this.history;
    const named = sets[at % (sets.length || 1)];
    if (named) await this.push(named.hub, named.uri, by, named.jti);
  }

  private async rule({ set: at, ruling }: Extract<Operation, { op: 'rule' }>): Promise<void> {
    const held = this.history.sets.filter(({ kind }) => kind === 'other');
    const set = held[at % (held.length || 1)];
    if (!set) return;
    await until(
      async () => {
        const [row] = await this.nyms<{ state: string }>('SELECT state::text FROM signals.sets WHERE jti = $1', [set.jti]);
        return row!.state === 'received' ? undefined : row;
      },
      () => 'a SET is not weighed',
    );
    if (await this.hubs.rule(set, ruling)) this.history.rulings.push({ set, ruling });
  }

  private async epoch(): Promise<void> {
    const closed = async () => (await this.nyms<{ epoch: number }>('SELECT epoch FROM tallies.manifests')).length;
    const before = await closed();
    await until(
      async () => {
        const asked = this.stack.client('ctl', 'correlator').request('v1/epochs', { method: 'POST' });
        const answer = await asked.catch(() => undefined);
        await answer?.drop();
        return answer?.ok || (await closed()) > before ? true : undefined;
      },
      () => 'no epoch was closed',
    );
    while (this.history.newest < (await closed())) this.history.closed();
    const asked = performance.now();
    for (const side of sides)
      await until(
        () => this.answer(side),
        () => this.whereItStands(),
      );
    this.slowestEpochMs = Math.max(this.slowestEpochMs, performance.now() - asked);
  }

  private async answer(side: string): Promise<object | undefined> {
    const asked = 'SELECT outcome FROM keyholder.decided_trees WHERE side = $1 AND epoch = $2';
    return (await this.keyholder(asked, [side, this.history.newest]))[0];
  }

  private async whereItStands(): Promise<string> {
    const trees = await this.nyms('SELECT epoch, side, outcome, header FROM tallies.trees WHERE outcome IS NULL');
    return `epoch ${this.history.newest} is not answered; open trees ${JSON.stringify(trees)}`;
  }
}
