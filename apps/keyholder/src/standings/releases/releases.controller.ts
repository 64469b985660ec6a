/** `GET /v1/releases?after=N`: what the registrar must apply, in order. Handles only, in random order. */
import { Controller, Get, Query } from '@nestjs/common';
import { z } from 'zod';
import { toBase64Url, type releaseBatches } from '#contracts';
import { OnlyFor, zodQuery } from '#platform';
import { Releases } from './releases.service.js';

const afterQuery = z.object({ after: z.coerce.number().int().nonnegative().max(2_147_483_647).default(0) });

@Controller('v1/releases')
export class ReleasesController {
  constructor(private readonly releases: Releases) {}

  @Get()
  @OnlyFor('registrar')
  async after(@Query(zodQuery(afterQuery)) { after }: z.output<typeof afterQuery>): Promise<z.input<typeof releaseBatches>> {
    const batches = await this.releases.after(after);
    return {
      batches: batches.map(({ number, suspend, reinstate, remove, relatedSuspend, relatedDelete }) => ({
        number,
        suspend: suspend.map(toBase64Url),
        reinstate: reinstate.map(toBase64Url),
        remove: remove.map(toBase64Url),
        relatedSuspend: relatedSuspend.map(toBase64Url),
        relatedDelete: relatedDelete.map(toBase64Url),
      })),
    };
  }
}
