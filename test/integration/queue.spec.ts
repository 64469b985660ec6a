/** The queue module on both of BullMQ's backends, one after the other in this process. Redis cases need a Redis. */
import { once } from 'node:events';
import { describe, expect, it } from '@jest/globals';
import { Health, wake } from '#platform';
import { backends } from '../servers/redis.js';
import { Producer, queueWorld, Work } from './queue-world.js';

describe.each(backends)('queue on %s', (backend) => {
  const world = queueWorld(backend);

  it('keeps one waiting wake-up per name and id', async () => {
    const { queue } = (await world.open()).get(Producer);
    for (let i = 0; i < 3; i++) await wake(queue, 'fold', { epoch: 7 });
    await wake(queue, 'fold', { epoch: 8 });
    await wake(queue, 'sweep');
    expect(await queue.getJobCountByTypes('waiting')).toBe(3);
    const work = new Work();
    await world.open(work);
    while (work.runs.length < 3) await once(work, 'done');
    expect([...work.runs].sort()).toEqual(['fold {"epoch":7}', 'fold {"epoch":8}', 'sweep {}']);
    expect(await queue.getJobCountByTypes('waiting', 'delayed')).toBe(0);
  });

  it('runs once more for what came while a job of that id was running', async () => {
    const work = new Work();
    let release = () => {};
    work.handle = () => new Promise((resolve) => (release = resolve));
    const { queue } = (await world.open(work)).get(Producer);
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

  it('joins a flow: the parent runs after its children', async () => {
    const work = new Work();
    const { flows } = (await world.open(work)).get(Producer);
    const children = ['a', 'b'].map((name) => ({ name, queueName: 'demo' }));
    await flows.add({ name: 'decide', queueName: 'demo', children });
    while (work.runs.length < 3) await once(work, 'done');
    expect(work.runs.at(-1)).toBe('decide {}');
  });

  it('measures depth and age, and is ready', async () => {
    const app = await world.open();
    await wake(app.get(Producer).queue, 'fold', { epoch: 1 });
    const { body } = await app.inject({ url: '/metrics' });
    expect(body).toContain('queue_jobs{queue="demo",state="waiting"} 1');
    const age = Number(/queue_oldest_seconds\{queue="demo"\} ([\d.]+)/.exec(body)?.[1]);
    expect(age).toBeGreaterThan(50); // the test clock runs a minute ahead
    expect(age).toBeLessThan(120);
    expect(await app.get(Health).ready()).toEqual({ status: 'up', checks: { queue: 'up' } });
  });

  it('finishes the running job before it closes, and starts no other', async () => {
    const work = new Work();
    let release = () => {};
    work.handle = () => new Promise((resolve) => (release = resolve));
    const worker = await world.open(work);
    const { queue } = (await world.open()).get(Producer);
    const started = once(work, 'run');
    await wake(queue, 'first');
    await started;
    await wake(queue, 'second');
    world.apps.splice(world.apps.indexOf(worker), 1);
    const closed = worker.close();
    while (!work.host?.worker.closing) await new Promise(setImmediate);
    release();
    await closed;
    expect(work.runs).toEqual(['first {}']);
    expect(await queue.getJobCountByTypes('waiting')).toBe(1);
  });
});
