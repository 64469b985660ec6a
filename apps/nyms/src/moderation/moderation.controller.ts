/** A moderator's path: held signals, decisions on them, and the blind act. Every write is a signed statement. */
import { Body, Controller, Get, Headers, HttpCode, Post, Query } from '@nestjs/common';
import { z } from 'zod';
import { actRequest, signalDecisionRequest } from '#contracts';
import type { heldSignals } from '#contracts';
import { zodBody, zodQuery } from '#platform';
import { Acts } from './acts.service.js';
import { HeldSignals } from './held-signals.service.js';

const heldQuery = z.object({ state: z.literal('held') });

@Controller('v1/moderation')
export class ModerationController {
  constructor(
    private readonly held: HeldSignals,
    private readonly acts: Acts,
  ) {}

  @Get('signals')
  list(
    @Query(zodQuery(heldQuery)) _query: z.output<typeof heldQuery>,
    @Headers('authorization') authorization?: string,
  ): Promise<z.input<typeof heldSignals>> {
    return this.held.list(authorization);
  }

  @Post('signals')
  @HttpCode(204)
  decide(@Body(zodBody(signalDecisionRequest)) signed: z.output<typeof signalDecisionRequest>): Promise<void> {
    return this.held.decide(signed);
  }

  @Post('pseudonyms')
  @HttpCode(200)
  async act(@Body(zodBody(actRequest)) signed: z.output<typeof actRequest>): Promise<{ receipt: string }> {
    return { receipt: await this.acts.act(signed) };
  }
}
