/** The database of the pseudonym side, by the role nyms. Prisma is touched in the `*.repository.ts` files only. */
import type { DynamicModule } from '@nestjs/common';
import { PrismaClient } from '#db/nyms';
import { prismaModule } from '#platform';
import { SignalsRepository } from '#signals';

export const nymsDatabase = (url: string): DynamicModule => prismaModule(PrismaClient, { url });

/** The store of libs/signals over this app's client. */
export const signalsRepository = {
  provide: SignalsRepository,
  inject: [PrismaClient],
  useFactory: (client: PrismaClient) => new SignalsRepository(client),
};
