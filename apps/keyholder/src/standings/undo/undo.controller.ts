/** `GET /v1/decisions/:epoch/undo`: what undoing a decision would lift, before anybody asks for it or approves it. */
import { Controller, Get, Headers, Param } from '@nestjs/common';
import { z } from 'zod';
import { countAbove } from '#cases';
import type { undoPreview } from '#contracts';
import { OnlyFor, zodPath } from '#platform';
import { PolicyStore } from '#policy';
import { Writer } from '../../database/writer.js';
import { Readers } from '../../people/readers.js';
import { decidedStandings, isDecided } from './undo.repository.js';

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
      const decided = await isDecided(transaction, epoch);
      const { whole } = await decidedStandings(transaction, epoch);
      return { epoch, decided, ...countAbove(whole.length, release.batch) };
    });
  }
}
