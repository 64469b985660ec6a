/** `GET /v1/decisions/:epoch/undo`: how many accounts a decision suspended, before anybody asks to undo it or approves that. */
import { Controller, Get, Headers, Param } from '@nestjs/common';
import { z } from 'zod';
import { countAbove } from '#cases';
import type { undoPreview } from '#contracts';
import { OnlyFor, zodPath } from '#platform';
import { PolicyStore } from '#policy';
import { Writer } from '../../database/writer.js';
import { Readers } from '../../people/readers.js';
import { decidedCount } from './undo.repository.js';

const epochPath = z.coerce.number().int().positive().max(2_147_483_647);

@Controller('v1/decisions/:epoch/undo')
@OnlyFor('ctl')
export class UndoController {
  constructor(
    private readonly writer: Writer,
    private readonly readers: Readers,
    private readonly policies: PolicyStore,
  ) {}

  @Get()
  async preview(
    @Headers('authorization') authorization: string | undefined,
    @Param('epoch', zodPath(epochPath)) epoch: number,
  ): Promise<z.input<typeof undoPreview>> {
    await this.readers.require(authorization);
    const { release } = this.policies.live().document;
    return this.writer.transaction(async (transaction) => {
      const count = await decidedCount(transaction, epoch);
      return { epoch, decided: count !== undefined, ...countAbove(count ?? 0, release.batch) };
    });
  }
}
