/**
 * The queue module on one of BullMQ's backends, for specs: apps that produce and work, and a store that loses connections or jobs. Redis
 * needs a Redis; without one its cases are left out.
 */
import { EventEmitter } from 'node:events';
import { InjectQueue, Processor, WorkerHost } from '@nestjs/bullmq';
import { Inject, Injectable, Module } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { afterAll, afterEach, beforeAll } from '@jest/globals';
import { FlowProducer, Queue } from 'bullmq';
import type { Job } from 'bullmq';
import { Redis } from 'ioredis';
import pg from 'pg';
import { createHttpApp, createLogger, FixedClock, FLOW_PRODUCER, PlatformModule, QueueModule } from '#platform';
import type { QueueStore } from '#platform';
import { createDatabase } from '../servers/database.js';
import type { TestDatabase } from '../servers/database.js';
import { emptyRedis, redisDatabase, redisUrl } from '../servers/redis.js';

const logger = createLogger({ app: 'demo', level: 'silent' });

@Injectable()
export class Producer {
  constructor(
    @InjectQueue('demo') readonly queue: Queue,
    @Inject(FLOW_PRODUCER) readonly flows: FlowProducer,
  ) {}
}

/** What a worker does, told by the test. */
export class Work extends EventEmitter {
  readonly runs: string[] = [];
  host?: WorkerHost;
  handle: (job: Job) => Promise<void> = async () => {};
}

async function start(store: QueueStore, work?: Work): Promise<NestFastifyApplication> {
  @Processor('demo')
  class DemoProcessor extends WorkerHost {
    async process(job: Job): Promise<void> {
      if (work) work.host = this;
      work?.emit('run', job.name);
      await work?.handle(job);
      work?.runs.push(`${job.name} ${JSON.stringify(job.data)}`);
      setImmediate(() => work?.emit('done', job.name));
    }
  }
  @Module({
    imports: [
      PlatformModule.register({ logger, clock: new FixedClock(new Date(Date.now() + 60_000)) }),
      QueueModule.register({ queues: ['demo'], store }),
    ],
    providers: [Producer, ...(work ? [DemoProcessor] : [])],
  })
  class DemoModule {}
  return createHttpApp(DemoModule, { logger });
}

/** Call it in a describe block. */
export function queueWorld(backend: string): QueueWorld {
  const world = new QueueWorld(backend);
  beforeAll(() => world.begin());
  afterEach(() => world.closeApps());
  afterAll(() => world.end());
  return world;
}

class QueueWorld {
  readonly apps: NestFastifyApplication[] = [];
  private database?: TestDatabase;

  constructor(private readonly backend: string) {}

  async begin(): Promise<void> {
    await emptyRedis();
    this.database = await createDatabase('nyms');
  }

  async end(): Promise<void> {
    await this.database?.drop();
  }

  async open(work?: Work): Promise<NestFastifyApplication> {
    const store = this.backend === 'redis' ? { redisUrl: redisUrl! } : { databaseUrl: this.database!.urlFor('queue') };
    const app = await start(store, work);
    this.apps.push(app);
    return app;
  }

  async closeApps(): Promise<void> {
    const [first] = this.apps;
    if (first) await first.get(Producer).queue.obliterate({ force: true });
    await Promise.all(this.apps.splice(0).map((app) => app.close()));
  }

  async cutConnections(): Promise<void> {
    if (this.backend === 'redis') {
      const clients = String(await this.redis(['CLIENT', 'LIST'])).split('\n');
      const ids = clients.flatMap((line) => (line.includes(` db=${redisDatabase} `) ? (/^id=(\d+)/.exec(line)?.[1] ?? []) : []));
      for (const id of ids) await this.redis(['CLIENT', 'KILL', 'ID', id]).catch(() => undefined); // one is this very connection's
      return;
    }
    await this.asSuperuser(
      "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'queue' AND datname = current_database()",
    );
  }

  async loseJobs(): Promise<void> {
    if (this.backend === 'redis') return void (await this.redis(['FLUSHDB']));
    const { rows } = await this.asSuperuser(
      "SELECT string_agg(format('bullmq.%I', tablename), ',') AS tables FROM pg_tables WHERE schemaname = 'bullmq' AND tablename <> 'migration'",
    );
    await this.asSuperuser(`TRUNCATE ${(rows[0] as { tables: string }).tables}`);
  }

  private async redis(command: [string, ...string[]]): Promise<unknown> {
    const client = new Redis(redisUrl!);
    try {
      return await client.call(...command);
    } finally {
      client.disconnect();
    }
  }

  private async asSuperuser(sql: string): Promise<pg.QueryResult> {
    const client = new pg.Client({ connectionString: this.database!.superUrl });
    await client.connect();
    try {
      return await client.query(sql);
    } finally {
      await client.end();
    }
  }
}
