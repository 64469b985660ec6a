/** `POST /v1/tickets`. No line is logged here, and no time is kept. */
import { Body, Controller, HttpCode, Post, UseGuards } from '@nestjs/common';
import type { z } from 'zod';
import { ticketsRequest } from '#contracts';
import { zodBody } from '#platform';
import type { AccountId } from '../accounts/access-token.js';
import { Account, AccountContacts, AccountGuard } from '../accounts/account.guard.js';
import type { Contacts } from '../relations/contact-marks.js';
import { ContactsService } from '../relations/contacts.service.js';
import { RegistrarMetrics } from '../metrics.js';
import { TicketsService } from './tickets.service.js';

@Controller('v1/tickets')
@UseGuards(AccountGuard)
export class TicketsController {
  constructor(
    private readonly tickets: TicketsService,
    private readonly contacts: ContactsService,
    private readonly metrics: RegistrarMetrics,
  ) {}

  @Post()
  @HttpCode(200)
  async take(
    @Account() account: AccountId,
    @AccountContacts() contacts: Contacts,
    @Body(zodBody(ticketsRequest)) { count }: z.output<typeof ticketsRequest>,
  ) {
    await this.contacts.note(account, contacts);
    return { tickets: await this.metrics.tickets(count, () => this.tickets.take(account, count)) };
  }
}
