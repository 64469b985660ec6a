/** Requests for acts that take approvals. Who writes is told by the signature in the body, whichever process carries it here. */
import { Body, Controller, Get, Headers, HttpCode, Param, Post } from '@nestjs/common';
import type { z } from 'zod';
import { approval, digestText, executionRequest, signedRequest } from '#contracts';
import type { executionAnswer, requestList } from '#contracts';
import { OnlyFor, zodBody, zodPath } from '#platform';
import { Readers } from '../people/readers.js';
import { Execution } from './execution.service.js';
import { Requests } from './requests.service.js';

@Controller('v1/requests')
@OnlyFor('ctl')
export class RequestsController {
  constructor(
    private readonly requests: Requests,
    private readonly execution: Execution,
    private readonly readers: Readers,
  ) {}

  @Get()
  async list(@Headers('authorization') authorization: string | undefined): Promise<z.input<typeof requestList>> {
    await this.readers.require(authorization);
    return { requests: await this.requests.list() };
  }

  @Post()
  @HttpCode(200)
  async make(@Body(zodBody(signedRequest)) body: z.output<typeof signedRequest>): Promise<{ digest: string }> {
    return { digest: await this.requests.make(body) };
  }

  @Post(':digest/approvals')
  @HttpCode(204)
  approve(
    @Param('digest', zodPath(digestText)) digest: string,
    @Body(zodBody(approval)) body: z.output<typeof approval>,
  ): Promise<void> {
    return this.requests.approve(digest, body);
  }

  /** nyms brings the selector of a pseudonym that is named. */
  @Post(':digest/execution')
  @HttpCode(200)
  @OnlyFor('ctl', 'nyms')
  async execute(
    @Param('digest', zodPath(digestText)) digest: string,
    @Body(zodBody(executionRequest)) { signature, pseudonym }: z.output<typeof executionRequest>,
  ): Promise<z.input<typeof executionAnswer>> {
    return { sealed: await this.execution.execute(digest, signature, pseudonym) };
  }
}
