/** A moderator's path: held signals, decisions on them, and the blind act. Every write is a signed statement. */
import { Body, Controller, Get, Headers, HttpCode, Post, Query } from '@nestjs/common';
import { z } from 'zod';
import { actRequest, pseudonymExecution, signalDecisionRequest } from '#contracts';
import type { executionAnswer, heldSignals } from '#contracts';
import { zodBody, zodQuery } from '#platform';
import { Acts } from './acts.service.js';
import { ApprovedRequests } from './approved-requests.service.js';
import { HeldSignals } from './held-signals.service.js';

const heldQuery = z.object({ state: z.literal('held') });

@Controller('v1/moderation')
export class ModerationController {
  constructor(
    private readonly held: HeldSignals,
    private readonly acts: Acts,
    private readonly approved: ApprovedRequests,
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

  @Post('requests/execution')
  @HttpCode(200)
  execute(
    @Body(zodBody(pseudonymExecution)) body: z.output<typeof pseudonymExecution>,
  ): Promise<z.input<typeof executionAnswer>> {
    return this.approved.execute(body);
  }
}
