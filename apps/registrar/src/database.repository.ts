/** The registrar's own database, by its own role. Prisma is touched in the `*.repository.ts` files only. */
import type { DynamicModule } from '@nestjs/common';
import { PrismaClient } from '#db/registrar';
import { prismaModule } from '#platform';

export const registrarDatabase = (url: string): DynamicModule => prismaModule(PrismaClient, { url });
