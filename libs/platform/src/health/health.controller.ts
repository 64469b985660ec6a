/** `/health/live` and `/health/ready`, the same on every process. */
import { Controller, Get, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { ForAnyone } from '../http/callers.js';
import { Health } from './health.js';
import type { Readiness } from './health.js';

@Controller('health')
@ForAnyone()
export class HealthController {
  constructor(private readonly health: Health) {}

  @Get('live')
  live(): { status: 'up' } {
    return { status: 'up' };
  }

  @Get('ready')
  async ready(@Res({ passthrough: true }) reply: FastifyReply): Promise<Readiness> {
    const readiness = await this.health.ready();
    reply.code(readiness.status === 'up' ? 200 : 503);
    return readiness;
  }
}
