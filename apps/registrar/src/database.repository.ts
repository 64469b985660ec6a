/** The registrar's own database, by its own role. Prisma is touched in the `*.repository.ts` files only. */
import { Injectable } from '@nestjs/common';
import type { OnApplicationShutdown } from '@nestjs/common';
import { PrismaPg } from '@prisma/adapter-pg';
import { PrismaClient } from '#db/registrar';
import { Health } from '#platform';

const MOST_CONNECTIONS = 10;

@Injectable()
export class RegistrarDatabase implements OnApplicationShutdown {
  readonly client: PrismaClient;

  constructor(url: string, health: Health) {
    this.client = new PrismaClient({ adapter: new PrismaPg({ connectionString: url, max: MOST_CONNECTIONS }) });
    health.add('database', () => this.client.$queryRaw`SELECT 1`);
  }

  async onApplicationShutdown(): Promise<void> {
    await this.client.$disconnect();
  }
}
