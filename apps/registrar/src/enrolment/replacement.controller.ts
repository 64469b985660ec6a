/**
 * `/v1/holder-key/replacement`: an account holder who has lost the holder key asks for another, sees that one is asked for, or calls it off.
 * The registrar only hands on; the key holder decides, waits seven days and writes it into its log.
 */
import { Body, Controller, Get, HttpCode, Post, UseGuards } from '@nestjs/common';
import type { z } from 'zod';
import { callOffReplacementRequest, enrolmentRequest, Problem, toBase64Url } from '#contracts';
import type { Handle, replacementResponse } from '#contracts';
import { zodBody } from '#platform';
import type { AccountId } from '../accounts/access-token.js';
import { Account, AccountGuard } from '../accounts/account.guard.js';
import { AccountsRepository } from '../accounts/accounts.repository.js';
import { KeyholderClient, type KeyReplacementAnswer } from '../keyholder/keyholder-client.js';

type Answer = z.input<typeof replacementResponse>;

@Controller('v1/holder-key/replacement')
@UseGuards(AccountGuard)
export class ReplacementController {
  constructor(
    private readonly accounts: AccountsRepository,
    private readonly keyholder: KeyholderClient,
  ) {}

  @Get()
  async waiting(@Account() account: AccountId): Promise<Answer> {
    return answerOf(await this.keyholder.replacementOf(await this.handleOf(account)));
  }

  @Post()
  @HttpCode(200)
  async ask(
    @Account() account: AccountId,
    @Body(zodBody(enrolmentRequest)) { holderKey, proof }: z.output<typeof enrolmentRequest>,
  ): Promise<Answer> {
    const handle = await this.handleOf(account);
    return answerOf(await this.keyholder.replaceKey(handle, holderKey, proof).catch(inConflict));
  }

  @Post('call-off')
  @HttpCode(200)
  async callOff(
    @Account() account: AccountId,
    @Body(zodBody(callOffReplacementRequest)) { signature }: z.output<typeof callOffReplacementRequest>,
  ): Promise<Answer> {
    const handle = await this.handleOf(account);
    return answerOf(await this.keyholder.callOffReplacement(handle, signature).catch(inConflict));
  }

  private async handleOf(account: AccountId): Promise<Handle> {
    const row = await this.accounts.find(account);
    if (!row?.holderKey) throw new Problem('not-enrolled');
    return row.handle;
  }
}

/** Another key waits, the key is somebody's, or nobody's signature fits. */
function inConflict(error: unknown): never {
  throw error instanceof Problem && error.code === 'answer-refused' ? new Problem('holder-key-conflict') : error;
}

const answerOf = ({ replacement }: KeyReplacementAnswer): Answer =>
  replacement ? { replacement: { ...replacement, holderKey: toBase64Url(replacement.holderKey) } } : {};
