/** `POST /v1/enrolment`. */
import { Body, Controller, HttpCode, Post, UseGuards } from '@nestjs/common';
import type { z } from 'zod';
import { enrolmentRequest, toBase64Url } from '#contracts';
import { zodBody } from '#platform';
import type { AccountId } from '../accounts/access-token.js';
import { Account, AccountGuard } from '../accounts/account.guard.js';
import { RegistrarMetrics } from '../metrics.js';
import { EnrolmentService } from './enrolment.service.js';

@Controller('v1/enrolment')
@UseGuards(AccountGuard)
export class EnrolmentController {
  constructor(
    private readonly enrolment: EnrolmentService,
    private readonly metrics: RegistrarMetrics,
  ) {}

  @Post()
  @HttpCode(200)
  async enrol(@Account() account: AccountId, @Body(zodBody(enrolmentRequest)) body: z.output<typeof enrolmentRequest>) {
    const receipt = await this.metrics.enrolment(() => this.enrolment.enrol(account, body.holderKey, body.proof));
    return {
      keyHolderId: receipt.keyHolderId,
      handleCommitment: toBase64Url(receipt.handleCommitment),
      signature: toBase64Url(receipt.signature),
    };
  }
}
