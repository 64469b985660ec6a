/** Limits of hubs and the wake-up of the weighing, with the queue on both of BullMQ's backends. Redis cases need a Redis. */
import { afterAll, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { getQueueToken } from '@nestjs/bullmq';
import type { Queue } from 'bullmq';
import { queues } from '#contracts';
import { WeighingWake } from '../../apps/nyms/src/intake/weighing-wake.js';
import { startNymsWorld } from '../fakes/nyms-world.js';
import type { NymsWorld } from '../fakes/nyms-world.js';
import { setSender, unlimited } from '../fakes/set-sender.js';
import { backends, emptyRedis, redisUrl } from '../servers/redis.js';

describe.each(backends)('intake of SETs, queue on %s', (backend) => {
  let world: NymsWorld;
  beforeAll(async () => {
    await emptyRedis();
    world = await startNymsWorld({ redisUrl: backend === 'redis' ? redisUrl : undefined });
  }, 60_000);
  afterAll(() => world?.stop());
  const { claims, good, push, sign } = setSender(() => world);

  describe('limits each hub', () => {
    beforeEach(() => world.setPolicy({ limits: { ...unlimited, setsPerSecond: 2 } }));

    it('to so many a second, says when to come again, and lets others through', async () => {
      const answers = await Promise.all(Array.from({ length: 40 }, () => push(good())));
      const limited = answers.filter(({ status }) => status === 429);
      expect(limited.length).toBeGreaterThanOrEqual(20);
      for (const { headers, body } of limited) {
        expect(Number(headers.get('retry-after'))).toBeGreaterThanOrEqual(1);
        expect(body?.['type']).toBe('/errors/hub-limit-reached');
      }
      expect((await push(good({}, world.hubs.two))).status).toBe(202);
    });

    it('by signed SETs only: nobody can use up the limit of another', async () => {
      const forged = () => sign({ ...world.hubs.one, entry: world.hubs.two.entry }, claims(world.hubs.two));
      await Promise.all(Array.from({ length: 60 }, () => push(forged())));
      expect((await push(good({}, world.hubs.two))).status).toBe(202);
    });
  });

  describe('wakes the weighing', () => {
    const queue = () => world.app.get<Queue>(getQueueToken(queues.weighing));
    beforeEach(async () => {
      await queue().drain();
      world.setPolicy({ limits: unlimited });
    });
    const jobs = async () =>
      (await queue().getJobs(['waiting', 'delayed', 'prioritized'])).map(({ name, data }) => ({ name, data: data as unknown }));
    const eventually = async (check: () => Promise<boolean>) => {
      for (const end = performance.now() + 30_000; performance.now() < end;) if (await check()) return;
      throw new Error('it did not happen');
    };

    it('with one job for many SETs, which carries nothing', async () => {
      await Promise.all(Array.from({ length: 30 }, () => push(good())));
      await eventually(async () => (await jobs()).length > 0);
      expect(await jobs()).toEqual([{ name: 'weigh', data: {} }]);
    });

    it('again by the sweeper, when a wake-up was lost', async () => {
      await push(good());
      await eventually(async () => (await jobs()).length > 0);
      await queue().drain();
      await world.app.get(WeighingWake).sweep();
      expect(await jobs()).toHaveLength(1);
      await world.query(`UPDATE signals.sets SET state = 'counted'`);
      // the sweeper goes round by itself, too: what it had begun may still bring one more
      await eventually(async () => {
        await queue().drain();
        await world.app.get(WeighingWake).sweep();
        return (await jobs()).length === 0;
      });
    });
  });

  it('takes a SET also when the queue is away: the sweeper wakes later', async () => {
    const queue = world.app.get<Queue>(getQueueToken(queues.weighing));
    const add = jest.spyOn(queue, 'add').mockRejectedValue(new Error('away'));
    for (let i = 0; i < 3; i++) expect((await push(good())).status).toBe(202);
    await world.app.get(WeighingWake).sweep();
    expect(world.lines.filter((line) => line.includes('"wake-failed"'))).toHaveLength(1);
    add.mockRestore();
    await queue.drain();
    await world.app.get(WeighingWake).sweep();
    expect(await queue.getWaitingCount()).toBe(1);
  });

  it('shows counts and no hub in its metrics', async () => {
    const text = (await world.call('GET', '/metrics')).text;
    expect(text).toMatch(/nyms_signals_total\{outcome="stored"\} [1-9]/);
    expect(text).toMatch(/nyms_signals_total\{outcome="hub-limit-reached"\} [1-9]/);
    expect(text).toMatch(/nyms_signals_total\{outcome="authentication_failed"\} [1-9]/);
    expect(text).toMatch(/nyms_signals_waiting\{state="received"\} \d/);
    expect(text).toMatch(/queue_jobs\{queue="weighing",state="waiting"\} \d/);
    expect(text).not.toMatch(/one\.example|mimi:/);
    expect(world.lines.join('\n')).not.toMatch(/one\.example|mimi:/);
  });
});
