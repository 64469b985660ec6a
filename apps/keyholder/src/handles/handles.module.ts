/** POST /v1/handles, for the registrar, and what replaces a key. */
import { Body, Controller, HttpCode, Module, Post } from '@nestjs/common';
import type { z } from 'zod';
import { enrolHandleRequest, toBase64Url } from '#contracts';
import type { enrolHandleResponse, Handle } from '#contracts';
import { OnlyFor, zodBody } from '#platform';
import { Budgets } from '../budgets/budgets.service.js';
import { HandlesRepository } from './handles.repository.js';
import { HandlesService } from './handles.service.js';
import { ReplacementsController } from './replacements.controller.js';
import { Replacements } from './replacements.service.js';

@Controller('v1/handles')
@OnlyFor('registrar')
export class HandlesController {
  constructor(
    private readonly handles: HandlesService,
    private readonly budgets: Budgets,
  ) {}

  @Post()
  @HttpCode(200)
  async enrol(
    @Body(zodBody(enrolHandleRequest)) body: z.output<typeof enrolHandleRequest>,
  ): Promise<z.input<typeof enrolHandleResponse>> {
    await this.budgets.spend('enrolments');
    const { keyHolderId, handleCommitment, signature } = await this.handles.enrol(
      body.handle as Handle,
      body.holderKey,
      body.proof,
    );
    return { keyHolderId, handleCommitment: toBase64Url(handleCommitment), signature: toBase64Url(signature) };
  }
}

@Module({
  controllers: [HandlesController, ReplacementsController],
  providers: [HandlesRepository, HandlesService, Replacements],
  exports: [Replacements],
})
export class HandlesModule {}
