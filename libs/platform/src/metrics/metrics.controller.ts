/**
 * `/metrics`. Counters read every second tell when single requests happen, so a process that faces the outside gives them only to
 * whoever has the metrics token; without a token in the configuration they are open, which production configuration refuses.
 */
import { Controller, Get, Headers, Inject, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { Problem } from '#contracts';
import { ForAnyone } from '../http/callers.js';
import { Metrics } from './metrics.js';
import { MetricsToken } from './metrics-token.js';

/** Injection token: MetricsToken, or null. */
export const METRICS_TOKEN = Symbol('metrics token');

@Controller('metrics')
@ForAnyone()
export class MetricsController {
  constructor(
    private readonly metrics: Metrics,
    @Inject(METRICS_TOKEN) private readonly token: MetricsToken | null,
  ) {}

  @Get()
  async scrape(
    @Res({ passthrough: true }) reply: FastifyReply,
    @Headers('authorization') authorization?: string,
  ): Promise<string> {
    if (this.token && !this.token.isIn(authorization)) throw new Problem('not-authenticated');
    reply.header('content-type', this.metrics.registry.contentType);
    return this.metrics.registry.metrics();
  }
}
