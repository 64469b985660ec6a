/** The queue module on both of BullMQ's backends, one after the other in this process. Redis cases need a Redis. */
import { EventEmitter, once } from 'node:events';
import { InjectQueue, Processor, WorkerHost } from '@nestjs/bullmq';
import { Inject, Injectable, Module } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { FlowProducer, Queue } from 'bullmq';
import type { Job } from 'bullmq';
import { Redis } from 'ioredis';
import pg from 'pg';
import { createHttpApp, createLogger, FixedClock, FLOW_PRODUCER, Health, PlatformModule, QueueModule, wake } from '#platform';
import type { QueueStore } from '#platform';
import { createDatabase } from '../servers/database.js';
import type { TestDatabase } from '../servers/database.js';

const logger = createLogger({ app: 'demo', level: 'silent' });
/** Its own: other specs may use the same server at the same time. */
const REDIS_DATABASE = 7;
const redisUrl = process.env['TEST_REDIS_URL'];
const backends = redisUrl ? ['postgres', 'redis'] : ['postgres'];

@Injectable()
class Producer {
  constructor(
    @InjectQueue('demo') readonly queue: Queue,
    @Inject(FLOW_PRODUCER) readonly flows: FlowProducer,
  ) {}
}

/** What a worker does, told by the test. */
class Work extends EventEmitter {
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

describe.each(backends)('queue on %s', (backend) => {
  let database: TestDatabase;
  let store: QueueStore;
  const apps: NestFastifyApplication[] = [];
  const open = async (work?: Work) => {
    const app = await start(store, work);
    apps.push(app);
    return app;
  };
  beforeAll(async () => {
    database = await createDatabase('nyms');
    store = backend === 'redis' ? { redisUrl: `${redisUrl}/${REDIS_DATABASE}` } : { databaseUrl: database.urlFor('queue') };
  });
  afterEach(async () => {
    const [first] = apps;
    if (first) await first.get(Producer).queue.obliterate({ force: true });
    await Promise.all(apps.splice(0).map((app) => app.close()));
  });
  afterAll(() => database.drop());

  const cutConnections = async () => {
    if (backend === 'redis') {
      const clients = String(await redis(['CLIENT', 'LIST'])).split('\n');
      const ids = clients.flatMap((line) => (line.includes(` db=${REDIS_DATABASE} `) ? (/^id=(\d+)/.exec(line)?.[1] ?? []) : []));
      for (const id of ids) await redis(['CLIENT', 'KILL', 'ID', id]).catch(() => undefined); // one is this very connection's
      return;
    }
    await asSuperuser(
      "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'queue' AND datname = current_database()",
    );
  };
  const loseJobs = async () => {
    if (backend === 'redis') return void (await redis(['FLUSHDB']));
    const { rows } = await asSuperuser(
      "SELECT string_agg(format('bullmq.%I', tablename), ',') AS tables FROM pg_tables WHERE schemaname = 'bullmq' AND tablename <> 'migration'",
    );
    await asSuperuser(`TRUNCATE ${(rows[0] as { tables: string }).tables}`);
  };
  const redis = async (command: [string, ...string[]]) => {
    const client = new Redis(`${redisUrl}/${REDIS_DATABASE}`);
    try {
      return await client.call(...command);
    } finally {
      client.disconnect();
    }
  };
  const asSuperuser = async (sql: string) => {
    const client = new pg.Client({ connectionString: database.superUrl });
    await client.connect();
    try {
      return await client.query(sql);
    } finally {
      await client.end();
    }
  };

  it('keeps one waiting wake-up per name and id', async () => {
    const { queue } = (await open()).get(Producer);
    for (let i = 0; i < 3; i++) await wake(queue, 'fold', { epoch: 7 });
    await wake(queue, 'fold', { epoch: 8 });
    await wake(queue, 'sweep');
    expect(await queue.getJobCountByTypes('waiting')).toBe(3);
    const work = new Work();
    await open(work);
    while (work.runs.length < 3) await once(work, 'done');
    expect([...work.runs].sort()).toEqual(['fold {"epoch":7}', 'fold {"epoch":8}', 'sweep {}']);
    expect(await queue.getJobCountByTypes('waiting', 'delayed')).toBe(0);
  });

  it('runs once more for what came while a job of that id was running', async () => {
    const work = new Work();
    let release = () => {};
    work.handle = () => new Promise((resolve) => (release = resolve));
    const { queue } = (await open(work)).get(Producer);
    const started = once(work, 'run');
    await wake(queue, 'weigh');
    await started;
    await wake(queue, 'weigh');
    await wake(queue, 'weigh');
    const again = once(work, 'run');
    release();
    await again;
    const done = once(work, 'done');
    release();
    await done;
    expect(work.runs).toEqual(['weigh {}', 'weigh {}']);
    expect(await queue.getJobCountByTypes('waiting', 'delayed')).toBe(0);
  });

  it('tries a failed job again and keeps nothing of a done one', async () => {
    const work = new Work();
    let failures = 2;
    work.handle = async () => {
      if (failures-- > 0) throw new Error('away');
    };
    const { queue } = (await open(work)).get(Producer);
    const done = once(work, 'done');
    await wake(queue, 'fold', { epoch: 1 });
    await done;
    expect(work.runs).toEqual(['fold {"epoch":1}']);
    for (let left = 1; left > 0;) left = await queue.getJobCountByTypes('waiting', 'active', 'delayed', 'completed', 'failed');
    expect(await queue.getJobs()).toEqual([]);
  });

  it('keeps no words of a library in the store when a job fails', async () => {
    const canary = 'mimi://example.org/p/q7x2mcanary4kz9w1r5t8y3u';
    const work = new Work();
    work.handle = async () => {
      throw new TypeError(`invalid input "${canary}"`, { cause: new Error(canary) });
    };
    const { queue } = (await open(work)).get(Producer);
    const job = await queue.add('weigh', {}, { attempts: 1 });
    let stored = await queue.getJob(job.id ?? '');
    while (stored?.failedReason === undefined) stored = await queue.getJob(job.id ?? '');
    expect(stored.failedReason).toBe('TypeError: invalid input "[masked]"');
    expect(JSON.stringify(stored.asJSON())).not.toContain('canary');
    expect(JSON.stringify(stored.stacktrace)).not.toContain('canary');
  });

  it('joins a flow: the parent runs after its children', async () => {
    const work = new Work();
    const { flows } = (await open(work)).get(Producer);
    const children = ['a', 'b'].map((name) => ({ name, queueName: 'demo' }));
    await flows.add({ name: 'decide', queueName: 'demo', children });
    while (work.runs.length < 3) await once(work, 'done');
    expect(work.runs.at(-1)).toBe('decide {}');
  });

  it('measures depth and age, and is ready', async () => {
    const app = await open();
    await wake(app.get(Producer).queue, 'fold', { epoch: 1 });
    const { body } = await app.inject({ url: '/metrics' });
    expect(body).toContain('queue_jobs{queue="demo",state="waiting"} 1');
    const age = Number(/queue_oldest_seconds\{queue="demo"\} ([\d.]+)/.exec(body)?.[1]);
    expect(age).toBeGreaterThan(50); // the test clock runs a minute ahead
    expect(age).toBeLessThan(120);
    expect(await app.get(Health).ready()).toEqual({ status: 'up', checks: { queue: 'up' } });
  });

  it('goes on when the store cuts every connection', async () => {
    const work = new Work();
    const { queue } = (await open(work)).get(Producer);
    const first = once(work, 'done');
    await wake(queue, 'before');
    await first;
    await cutConnections();
    const second = once(work, 'done');
    for (let stored = false; !stored;) {
      stored = await wake(queue, 'after').then(
        () => true,
        () => false,
      );
    }
    await second;
    expect(work.runs).toEqual(['before {}', 'after {}']);
  });

  it('runs a job again within seconds whose process was killed, also when the same work is woken meanwhile', async () => {
    const killed = new Work();
    killed.handle = () => new Promise(() => undefined);
    const { queue } = (await open(killed)).get(Producer);
    const started = once(killed, 'run');
    await wake(queue, 'fold', { epoch: 3 });
    await started;
    await killed.host?.worker.close(true); // its lock is not renewed any more, and nobody gives it back
    const work = new Work();
    await open(work);
    const begun = performance.now();
    const again = once(work, 'done');
    await wake(queue, 'fold', { epoch: 3 });
    await again;
    expect(work.runs[0]).toBe('fold {"epoch":3}');
    expect(performance.now() - begun).toBeLessThan(20_000);
  }, 40_000);

  it('takes new wake-ups when the store has lost the old ones', async () => {
    const work = new Work();
    let release = () => {};
    work.handle = () => new Promise((resolve) => (release = resolve));
    const { queue } = (await open(work)).get(Producer);
    const started = once(work, 'run');
    await wake(queue, 'weigh');
    await started;
    await loseJobs();
    const again = once(work, 'run');
    await wake(queue, 'weigh');
    release();
    await again;
    release();
    await once(work, 'done');
    expect(work.runs.at(-1)).toBe('weigh {}');
  });

  it('finishes the running job before it closes, and starts no other', async () => {
    const work = new Work();
    let release = () => {};
    work.handle = () => new Promise((resolve) => (release = resolve));
    const worker = await open(work);
    const { queue } = (await open()).get(Producer);
    const started = once(work, 'run');
    await wake(queue, 'first');
    await started;
    await wake(queue, 'second');
    apps.splice(apps.indexOf(worker), 1);
    const closed = worker.close();
    while (!work.host?.worker.closing) await new Promise(setImmediate);
    release();
    await closed;
    expect(work.runs).toEqual(['first {}']);
    expect(await queue.getJobCountByTypes('waiting')).toBe(1);
  });
});
