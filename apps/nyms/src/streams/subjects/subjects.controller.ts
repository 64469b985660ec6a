/** SSF 1.0 §8.1.3 over HTTP. */
import { Body, Controller, HttpCode, Post, UseGuards } from '@nestjs/common';
import type { z } from 'zod';
import { streamScopes, subjectAddition, subjectRemoval } from '#contracts';
import type { HubEntry } from '#contracts';
import { zodBody } from '#platform';
import { CallingHub, ReceiverGuard, Scopes } from '../authorization/receiver.guard.js';
import { Subjects } from './subjects.service.js';

@Controller('v1/streams/subjects')
@UseGuards(ReceiverGuard)
@Scopes(streamScopes.manage)
export class SubjectsController {
  constructor(private readonly subjects: Subjects) {}

  @Post('addition')
  @HttpCode(200)
  add(
    @CallingHub() hub: HubEntry,
    @Body(zodBody(subjectAddition)) { stream_id: id, subject }: z.output<typeof subjectAddition>,
  ): Promise<void> {
    return this.subjects.add(hub, id, subject);
  }

  @Post('removal')
  @HttpCode(204)
  remove(
    @CallingHub() hub: HubEntry,
    @Body(zodBody(subjectRemoval)) { stream_id: id, subject }: z.output<typeof subjectRemoval>,
  ): Promise<void> {
    return this.subjects.remove(hub, id, subject);
  }
}
