/** nyms asks what is in force, streams its selectors, and takes the frames of what is due. */
import { Body, Controller, Get, HttpCode, Post, Query, StreamableFile } from '@nestjs/common';
import type { Readable } from 'node:stream';
import { z } from 'zod';
import { concat, type forceState } from '#contracts';
import { Consumes, octetStream, OnlyFor, zodQuery } from '#platform';
import { readFrames, SelectorRefused, type Selector } from '#pseudonyms';
import { refused } from '../answers/refusal.js';
import { RefusalCounts } from '../audit/refusal-counts.js';
import { Budgets } from '../budgets/budgets.service.js';
import { KeyholderKeys } from '../keys/keyholder-keys.js';
import { Matches } from './matches.service.js';

/** Frames of one request. */
const mostSelectors = 256;
const number = z.coerce.number().int().nonnegative().max(0xffff_ffff);
const matchQuery = z.object({ force: number, run: z.string().max(64) });
const dueQuery = z.object({ ack: number.optional() });

@Controller('v1')
@OnlyFor('nyms')
export class EnforcementController {
  constructor(
    private readonly matches: Matches,
    private readonly keys: KeyholderKeys,
    private readonly refusals: RefusalCounts,
    private readonly budgets: Budgets,
  ) {}

  @Get('force')
  async force(): Promise<z.input<typeof forceState>> {
    return { force: await this.matches.force(), run: this.matches.run };
  }

  @Post('matches')
  @HttpCode(204)
  @Consumes(octetStream)
  async match(@Query(zodQuery(matchQuery)) { force, run }: z.output<typeof matchQuery>, @Body() body: Readable): Promise<void> {
    const selectors = await this.selectorsOf(body);
    await this.budgets.spend('selectors', selectors.length);
    await this.matches.match(selectors, force, run);
  }

  /** u32 frame number ‖ framePerTick × (change, selector id). */
  @Get('due')
  due(@Query(zodQuery(dueQuery)) { ack }: z.output<typeof dueQuery>): StreamableFile {
    const frame = this.matches.due(ack);
    const head = new Uint8Array(4);
    new DataView(head.buffer).setUint32(0, frame.number);
    return new StreamableFile(concat(head, frame.places), { type: octetStream });
  }

  private async selectorsOf(body: Readable): Promise<Selector[]> {
    const selectors: Selector[] = [];
    try {
      // a body that is refused half-way must not be destroyed: its socket has the answer yet to carry
      const chunks = body.iterator({ destroyOnReturn: false });
      for await (const selector of readFrames(chunks, this.keys.pinned.selectorBytes, mostSelectors)) selectors.push(selector);
      return selectors;
    } catch (error) {
      if (!(error instanceof SelectorRefused)) throw error;
      await this.refusals.note('selector');
      throw refused();
    }
  }
}
