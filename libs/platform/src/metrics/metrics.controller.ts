/**
 * `/metrics`. Counters read every second tell when single requests happen, so a process that faces the outside gives them only to
 * whoever has the metrics token; without a token in the configuration they are open, which production configuration refuses.
 */
import { Controller, Get, Headers, Inject, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { Problem } from '#contracts';
import { CallerTokens } from '../http/callers.js';
import { Metrics } from './metrics.js';

/** Injection token: CallerTokens with the one caller, or null. */
export const METRICS_TOKEN = Symbol('metrics token');

@Controller('metrics')
export class MetricsController {
  constructor(
    private readonly metrics: Metrics,
    @Inject(METRICS_TOKEN) private readonly tokens: CallerTokens | null,
  ) {}

  @Get()
  async scrape(
    @Res({ passthrough: true }) reply: FastifyReply,
    @Headers('authorization') authorization?: string,
  ): Promise<string> {
    if (this.tokens && this.tokens.callerOf(authorization) === undefined) throw new Problem('not-authenticated');
    reply.header('content-type', this.metrics.registry.contentType);
    return this.metrics.registry.metrics();
  }
}
