/** `POST /v1/tickets`. No line is logged here, and no time is kept. */
import { Body, Controller, HttpCode, Post, UseGuards } from '@nestjs/common';
import type { z } from 'zod';
import { ticketsRequest } from '#contracts';
import { zodBody } from '#platform';
import type { AccountId } from '../accounts/access-token.js';
import { Account, AccountGuard } from '../accounts/account.guard.js';
import { RegistrarMetrics } from '../metrics.js';
import { TicketsService } from './tickets.service.js';

@Controller('v1/tickets')
@UseGuards(AccountGuard)
export class TicketsController {
  constructor(
    private readonly tickets: TicketsService,
    private readonly metrics: RegistrarMetrics,
  ) {}

  @Post()
  @HttpCode(200)
  async take(@Account() account: AccountId, @Body(zodBody(ticketsRequest)) { count }: z.output<typeof ticketsRequest>) {
    return { tickets: await this.metrics.tickets(count, () => this.tickets.take(account, count)) };
  }
}
