/** `POST /v1/acts`: nyms hands on a person's signed statement with the selector of the pseudonym it names. */
import { Body, Controller, HttpCode, Post } from '@nestjs/common';
import { z } from 'zod';
import { actOnSelectorRequest, actStatement, fromBase64Url, spki, toBase64Url, type actReceipt } from '#contracts';
import { OnlyFor, zodBody } from '#platform';
import { fromSelectorRecord, SelectorRefused } from '#pseudonyms';
import { refused } from '../../answers/refusal.js';
import { RefusalCounts } from '../../audit/refusal-counts.js';
import { Budgets } from '../../budgets/budgets.service.js';
import { KeyholderKeys } from '../../keys/keyholder-keys.js';
import { Acts, type Act } from './acts.service.js';

const actBody = actOnSelectorRequest.extend({ statement: actStatement, publicKey: spki });

@Controller('v1/acts')
export class ActsController {
  constructor(
    private readonly acts: Acts,
    private readonly keys: KeyholderKeys,
    private readonly refusals: RefusalCounts,
    private readonly budgets: Budgets,
  ) {}

  @Post()
  @HttpCode(200)
  @OnlyFor('nyms')
  async act(@Body(zodBody(actBody)) body: z.output<typeof actBody>): Promise<z.input<typeof actReceipt>> {
    await this.budgets.spend('acts');
    return { receipt: toBase64Url(await this.acts.act(await this.actOf(body))) };
  }

  private async actOf({ statement, signature, selector, salt, publicKey }: z.output<typeof actBody>): Promise<Act> {
    try {
      return {
        statement,
        signature,
        selector: fromSelectorRecord(selector, this.keys.pinned.selectorBytes),
        salt,
        spki: fromBase64Url(publicKey),
      };
    } catch (error) {
      if (!(error instanceof SelectorRefused || error instanceof RangeError)) throw error;
      await this.refusals.note('selector');
      throw refused();
    }
  }
}
