/**
 * A generated Prisma client as an injectable with a lifecycle and a readiness check. Generic over the client class, because only
 * `*.repository.ts` files may import one: such a file calls `prismaModule(PrismaClient, …)` and injects the class.
 */
import { Inject, Module } from '@nestjs/common';
import type { DynamicModule, OnApplicationShutdown, OnModuleInit } from '@nestjs/common';
import { PrismaPg } from '@prisma/adapter-pg';
import { Health } from '../health/health.js';

/** The part of a generated client that this file needs. */
export interface PrismaLike {
  $connect(): Promise<void>;
  $disconnect(): Promise<void>;
  $queryRawUnsafe(query: string): Promise<unknown>;
}

export type PrismaClass<C extends PrismaLike> = new (options: { adapter: PrismaPg }) => C;

export interface DatabaseOptions {
  readonly url: string;
  /** Most connections; 10 by default. */
  readonly max?: number;
}

/** A client over `pg`; it connects with the first query. */
export const openPrisma = <C extends PrismaLike>(Client: PrismaClass<C>, { url, max = 10 }: DatabaseOptions): C =>
  new Client({ adapter: new PrismaPg({ connectionString: url, max }) });

const CLIENT = Symbol('prisma client');

@Module({})
export class PrismaModule implements OnModuleInit, OnApplicationShutdown {
  constructor(
    @Inject(CLIENT) private readonly client: PrismaLike,
    private readonly health: Health,
  ) {}

  async onModuleInit(): Promise<void> {
    await this.client.$connect();
    this.health.add('database', () => this.client.$queryRawUnsafe('SELECT 1'));
  }

  async onApplicationShutdown(): Promise<void> {
    await this.client.$disconnect();
  }
}

/** Global: one per application. The client is injected by its class. */
export function prismaModule<C extends PrismaLike>(Client: PrismaClass<C>, options: DatabaseOptions): DynamicModule {
  const client = openPrisma(Client, options);
  return {
    global: true,
    module: PrismaModule,
    providers: [
      { provide: CLIENT, useValue: client },
      { provide: Client, useValue: client },
    ],
    exports: [Client],
  };
}
