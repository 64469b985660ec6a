import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { FixedClock } from '../clock.js';
import { createHttpApp } from '../http/create-http-app.js';
import { createLogger } from '../logging/logger.js';
import { PlatformModule } from '../platform.module.js';
import { Health } from './health.js';

const logger = createLogger({ app: 'demo', level: 'silent' });

describe('health', () => {
  beforeEach(() => void jest.useFakeTimers({ doNotFake: ['nextTick', 'setImmediate', 'queueMicrotask'] }));
  afterEach(() => void jest.useRealTimers());

  it('is ready when every check answers, and names each', async () => {
    const health = new Health();
    health.add('database', async () => 1);
    health.add('queue', async () => undefined);
    expect(await health.ready()).toEqual({ status: 'up', checks: { database: 'up', queue: 'up' } });
    expect(jest.getTimerCount()).toBe(0);
  });

  it('runs checks side by side and counts one that hangs as down', async () => {
    const health = new Health();
    health.add('hangs', () => new Promise(() => {}));
    health.add('hangs too', () => new Promise(() => {}));
    health.add('fails', async () => {
      throw new Error('secret reason');
    });
    const ready = health.ready();
    await jest.advanceTimersByTimeAsync(2_000);
    expect(await ready).toEqual({ status: 'down', checks: { hangs: 'down', 'hangs too': 'down', fails: 'down' } });
  });

  it('refuses two checks of one name', () => {
    const health = new Health();
    health.add('database', async () => 1);
    expect(() => health.add('database', async () => 1)).toThrow(/database/);
  });

  it('tells live from ready on a process without other routes', async () => {
    const app = await createHttpApp(PlatformModule.register({ logger, clock: new FixedClock('2026-01-01T00:00:00Z') }), {
      logger,
    });
    const health = app.get(Health);
    expect((await app.inject({ url: '/health/ready' })).statusCode).toBe(200);
    health.add('database', async () => {
      throw new Error('secret reason');
    });
    const ready = await app.inject({ url: '/health/ready' });
    expect([ready.statusCode, ready.json()]).toEqual([503, { status: 'down', checks: { database: 'down' } }]);
    health.drain();
    const live = await app.inject({ url: '/health/live' });
    expect([live.statusCode, live.json()]).toEqual([200, { status: 'up' }]);
    await app.close();
  });

  it('is not ready while it drains, though every check is up', async () => {
    const health = new Health();
    health.add('database', async () => 1);
    health.drain();
    expect(await health.ready()).toEqual({ status: 'down', checks: { database: 'up' } });
  });
});
