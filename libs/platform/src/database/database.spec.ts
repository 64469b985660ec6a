import { Injectable, Module } from '@nestjs/common';
import { describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { FixedClock } from '../clock.js';
import { Health } from '../health/health.js';
import { createHttpApp } from '../http/create-http-app.js';
import { createLogger } from '../logging/logger.js';
import { PlatformModule } from '../platform.module.js';
import { PoolModule } from './pool.module.js';
import { prismaModule } from './prisma.module.js';
import { withSerializableRetry } from './retry.js';
import { isUnavailable } from './unavailable.js';

const logger = createLogger({ app: 'demo', level: 'silent' });
const platform = PlatformModule.register({ logger, clock: new FixedClock('2026-01-01T00:00:00Z') });
const codeError = (code: string) => Object.assign(new Error('no words'), { code });

describe('database', () => {
  it('connects with the application, tells its readiness and disconnects with it', async () => {
    const calls: string[] = [];
    let away = false;
    class FakeClient {
      readonly options: unknown;
      constructor(options: { adapter: unknown }) {
        this.options = options;
      }
      async $connect() {
        calls.push('connect');
      }
      async $disconnect() {
        calls.push('disconnect');
      }
      async $queryRawUnsafe(query: string) {
        if (away) throw codeError('P1001');
        return query;
      }
    }
    @Injectable()
    class Repository {
      constructor(readonly client: FakeClient) {}
    }
    @Module({
      imports: [platform, prismaModule(FakeClient, { url: 'postgresql://nobody@127.0.0.1:1/none' })],
      providers: [Repository],
    })
    class DemoModule {}

    const app = await createHttpApp(DemoModule, { logger });
    expect(app.get(Repository).client).toBeInstanceOf(FakeClient);
    expect(await app.get(Health).ready()).toEqual({ status: 'up', checks: { database: 'up' } });
    away = true;
    expect(await app.get(Health).ready()).toEqual({ status: 'down', checks: { database: 'down' } });
    await app.close();
    expect(calls).toEqual(['connect', 'disconnect']);
  });

  it('is down, not broken, when a pool cannot connect', async () => {
    @Injectable()
    class Reader {
      constructor(readonly pool: pg.Pool) {}
    }
    @Module({ imports: [platform, PoolModule.register({ url: 'postgresql://nobody@127.0.0.1:1/none' })], providers: [Reader] })
    class DemoModule {}

    const app = await createHttpApp(DemoModule, { logger });
    expect(await app.get(Health).ready()).toEqual({ status: 'down', checks: { 'bulk-database': 'down' } });
    const refused = await app
      .get(Reader)
      .pool.query('SELECT 1')
      .catch((error: unknown) => error);
    expect(isUnavailable(refused)).toBe(true);
    await app.close();
  });

  it.each([
    ['40001', codeError('40001')],
    ['40P01', codeError('40P01')],
    ['P2034', codeError('P2034')],
    ['a conflict told by a driver adapter', Object.assign(new Error('x'), { cause: { originalCode: '40001' } })],
    [
      'a conflict wrapped by Prisma',
      Object.assign(new Error('x'), {
        code: 'P2010',
        meta: { driverAdapterError: { cause: { kind: 'TransactionWriteConflict' } } },
      }),
    ],
  ])('runs a transaction again after %s', async (_what, conflict) => {
    let runs = 0;
    const result = await withSerializableRetry(async () => {
      runs += 1;
      if (runs < 3) throw conflict;
      return 'done';
    });
    expect([result, runs]).toEqual(['done', 3]);
  });

  it('gives up after some conflicts and never repeats another error', async () => {
    let runs = 0;
    const failing = (error: Error) => withSerializableRetry(() => Promise.reject((runs++, error)));
    await expect(failing(codeError('40001'))).rejects.toMatchObject({ code: '40001' });
    expect(runs).toBe(8);
    await expect(failing(codeError('23505'))).rejects.toMatchObject({ code: '23505' });
    expect(runs).toBe(9);
  });

  it('tells an absent server from a defect', () => {
    expect(isUnavailable(codeError('ECONNREFUSED'))).toBe(true);
    expect(isUnavailable(codeError('57P01'))).toBe(true);
    expect(isUnavailable(new AggregateError([codeError('ECONNREFUSED')]))).toBe(true);
    expect(isUnavailable(new Error('x', { cause: codeError('08006') }))).toBe(true);
    expect(isUnavailable(new TypeError('fetch failed', { cause: codeError('UND_ERR_SOCKET') }))).toBe(true);
    expect(isUnavailable(new DOMException('late', 'TimeoutError'))).toBe(true);
    expect(isUnavailable(new Error('Connection terminated unexpectedly'))).toBe(true);
    expect(isUnavailable(codeError('23505'))).toBe(false);
    expect(isUnavailable(new Error('connection'))).toBe(false);
    expect(isUnavailable(undefined)).toBe(false);
  });
});
