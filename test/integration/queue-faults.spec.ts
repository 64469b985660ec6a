/** The queue module when jobs fail, workers die and the store loses what it had, on both of BullMQ's backends. */
import { once } from 'node:events';
import { describe, expect, it } from '@jest/globals';
import { wake } from '#platform';
import { backends } from '../servers/redis.js';
import { Producer, queueWorld, Work } from './queue-world.js';

describe.each(backends)('queue on %s, when something fails', (backend) => {
  const world = queueWorld(backend);

  it('tries a failed job again and keeps nothing of a done one', async () => {
    const work = new Work();
    let failures = 2;
    work.handle = async () => {
      if (failures-- > 0) throw new Error('away');
    };
    const { queue } = (await world.open(work)).get(Producer);
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
    const { queue } = (await world.open(work)).get(Producer);
    const job = await queue.add('weigh', {}, { attempts: 1 });
    let stored = await queue.getJob(job.id ?? '');
    while (stored?.failedReason === undefined) stored = await queue.getJob(job.id ?? '');
    expect(stored.failedReason).toBe('TypeError: invalid input "[masked]"');
    expect(JSON.stringify(stored.asJSON())).not.toContain('canary');
    expect(JSON.stringify(stored.stacktrace)).not.toContain('canary');
  });

  it('goes on when the store cuts every connection', async () => {
    const work = new Work();
    const { queue } = (await world.open(work)).get(Producer);
    const first = once(work, 'done');
    await wake(queue, 'before');
    await first;
    await world.cutConnections();
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
    const { queue } = (await world.open(killed)).get(Producer);
    const started = once(killed, 'run');
    await wake(queue, 'fold', { epoch: 3 });
    await started;
    await killed.host?.worker.close(true); // its lock is not renewed any more, and nobody gives it back
    const work = new Work();
    await world.open(work);
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
    const { queue } = (await world.open(work)).get(Producer);
    const started = once(work, 'run');
    await wake(queue, 'weigh');
    await started;
    await world.loseJobs();
    const again = once(work, 'run');
    await wake(queue, 'weigh');
    release();
    await again;
    release();
    await once(work, 'done');
    expect(work.runs.at(-1)).toBe('weigh {}');
  });
});
