/** `POST /v1/enrolment`. */
import { Body, Controller, HttpCode, Post, UseGuards } from '@nestjs/common';
import type { z } from 'zod';
import { enrolmentRequest, toBase64Url } from '#contracts';
import { zodBody } from '#platform';
import type { AccountId } from '../accounts/access-token.js';
import { Account, AccountContacts, AccountGuard } from '../accounts/account.guard.js';
import type { Contacts } from '../relations/contact-marks.js';
import { ContactsService } from '../relations/contacts.service.js';
import { RegistrarMetrics } from '../metrics.js';
import { EnrolmentService } from './enrolment.service.js';

@Controller('v1/enrolment')
@UseGuards(AccountGuard)
export class EnrolmentController {
  constructor(
    private readonly enrolment: EnrolmentService,
    private readonly contacts: ContactsService,
    private readonly metrics: RegistrarMetrics,
  ) {}

  @Post()
  @HttpCode(200)
  async enrol(
    @Account() account: AccountId,
    @AccountContacts() contacts: Contacts,
    @Body(zodBody(enrolmentRequest)) body: z.output<typeof enrolmentRequest>,
  ) {
    const receipt = await this.metrics.enrolment(() => this.enrolment.enrol(account, body.holderKey, body.proof));
    await this.contacts.note(account, contacts);
    return {
      keyHolderId: receipt.keyHolderId,
      handleCommitment: toBase64Url(receipt.handleCommitment),
      signature: toBase64Url(receipt.signature),
    };
  }
}
