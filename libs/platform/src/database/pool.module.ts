/** A plain `pg` pool for bulk reads and COPY, beside Prisma: closed with the process, ready when it answers. */
import { Module } from '@nestjs/common';
import type { DynamicModule, OnApplicationShutdown } from '@nestjs/common';
import pg from 'pg';
import { Health } from '../health/health.js';
import type { DatabaseOptions } from './prisma.module.js';

/** Errors of idle connections do not end the process: the pool drops them and the next query connects again. */
export function createPool({ url, max = 4 }: DatabaseOptions): pg.Pool {
  const pool = new pg.Pool({ connectionString: url, max, connectionTimeoutMillis: 10_000, keepAlive: true });
  pool.on('error', () => undefined);
  return pool;
}

@Module({})
export class PoolModule implements OnApplicationShutdown {
  constructor(
    private readonly pool: pg.Pool,
    health: Health,
  ) {
    health.add('bulk-database', () => pool.query('SELECT 1'));
  }

  /** Global; injected as `pg.Pool`. */
  static register(options: DatabaseOptions): DynamicModule {
    return {
      global: true,
      module: PoolModule,
      providers: [{ provide: pg.Pool, useValue: createPool(options) }],
      exports: [pg.Pool],
    };
  }

  async onApplicationShutdown(): Promise<void> {
    await this.pool.end();
  }
}
