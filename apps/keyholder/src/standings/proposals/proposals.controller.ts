/** The registrar brings what it found; people see that there is something to ask for. */
import { Body, Controller, Get, Headers, HttpCode, Post } from '@nestjs/common';
import type { z } from 'zod';
import { relatedProposal, type proposalList } from '#contracts';
import { OnlyFor, zodBody } from '#platform';
import { Readers } from '../../people/readers.js';
import { Proposals } from './proposals.service.js';

@Controller('v1/proposals')
export class ProposalsController {
  constructor(
    private readonly proposals: Proposals,
    private readonly readers: Readers,
  ) {}

  @Post()
  @HttpCode(204)
  @OnlyFor('registrar')
  take(@Body(zodBody(relatedProposal)) body: z.output<typeof relatedProposal>): Promise<void> {
    return this.proposals.take(body);
  }

  @Get()
  @OnlyFor('ctl')
  async list(@Headers('authorization') authorization: string | undefined): Promise<z.input<typeof proposalList>> {
    await this.readers.require(authorization);
    return this.proposals.list();
  }
}
