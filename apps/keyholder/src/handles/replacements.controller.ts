/** Replacing a holder key, for the registrar. */
import { Body, Controller, HttpCode, Post } from '@nestjs/common';
import { z } from 'zod';
import { bytesOf, callOffRequest, replaceKeyRequest, toBase64Url } from '#contracts';
import type { Handle, keyReplacementAnswer } from '#contracts';
import { OnlyFor, zodBody } from '#platform';
import { Budgets } from '../budgets/budgets.service.js';
import type { Replacement } from './replacements.repository.js';
import { Replacements } from './replacements.service.js';

const ofHandle = z.strictObject({ handle: bytesOf(16) });
type Answer = z.input<typeof keyReplacementAnswer>;

@Controller('v1/handles/replacement')
@OnlyFor('registrar')
export class ReplacementsController {
  constructor(
    private readonly replacements: Replacements,
    private readonly budgets: Budgets,
  ) {}

  @Post()
  @HttpCode(200)
  async ask(@Body(zodBody(replaceKeyRequest)) body: z.output<typeof replaceKeyRequest>): Promise<Answer> {
    await this.budgets.spend('enrolments');
    return answerOf(await this.replacements.ask(body.handle as Handle, body.holderKey, body.proof));
  }

  /** A handle stands in no address. */
  @Post('state')
  @HttpCode(200)
  async state(@Body(zodBody(ofHandle)) { handle }: z.output<typeof ofHandle>): Promise<Answer> {
    return answerOf(await this.replacements.waiting(handle as Handle));
  }

  @Post('call-off')
  @HttpCode(200)
  async callOff(@Body(zodBody(callOffRequest)) body: z.output<typeof callOffRequest>): Promise<Answer> {
    await this.budgets.spend('enrolments');
    await this.replacements.callOff(body.handle as Handle, body.signature);
    return {};
  }
}

const answerOf = (waiting: Replacement | undefined): Answer =>
  waiting ? { replacement: { holderKey: toBase64Url(waiting.holderKey), effectiveDay: waiting.effectiveDay } } : {};
