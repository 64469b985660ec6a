/** RFC 8936 over HTTP, and the log of what was delivered. */
import { Body, Controller, Get, HttpCode, Param, Post, Query, Req, UseGuards } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { pollRequest, Problem, streamScopes } from '#contracts';
import type { DeliveryLog, HubEntry, PollAnswer } from '#contracts';
import { zodBody, zodQuery } from '#platform';
import { CallingHub, ReceiverGuard, Scopes } from '../authorization/receiver.guard.js';
import { StreamsRepository } from '../configuration/streams.repository.js';
import { BacklogRepository } from '../delivery/backlog.repository.js';
import { Polling } from './polling.service.js';

const oneStream = z.object({ stream_id: z.string().min(1).max(64) });

@Controller('v1/streams')
@UseGuards(ReceiverGuard)
@Scopes(streamScopes.read, streamScopes.manage)
export class PollingController {
  constructor(
    private readonly polling: Polling,
    private readonly streams: StreamsRepository,
    private readonly backlog: BacklogRepository,
  ) {}

  @Post('poll/:id')
  @HttpCode(200)
  async poll(
    @CallingHub() hub: HubEntry,
    @Param('id') id: string,
    @Body(zodBody(pollRequest)) body: z.output<typeof pollRequest>,
    @Req() request: FastifyRequest,
  ): Promise<PollAnswer> {
    const gone = new AbortController();
    const { socket } = request.raw;
    const hangUp = () => gone.abort();
    socket.once('close', hangUp);
    try {
      return await this.polling.poll(hub, id, body, gone.signal);
    } finally {
      socket.off('close', hangUp);
    }
  }

  @Get('deliveries')
  async deliveries(
    @CallingHub() hub: HubEntry,
    @Query(zodQuery(oneStream)) { stream_id: id }: z.output<typeof oneStream>,
  ): Promise<DeliveryLog> {
    if (!(await this.streams.find(hub.id, id))) throw new Problem('not-found');
    return this.backlog.logOf(id);
  }
}
