/** Reviews by moderators, and what follows from them for each hub. */
import { Body, Controller, Get, Headers, HttpCode, Post } from '@nestjs/common';
import type { z } from 'zod';
import { reviewRequest } from '#contracts';
import type { hubTrust } from '#contracts';
import { zodBody } from '#platform';
import { Trust } from './trust.service.js';

@Controller('v1/moderation')
export class TrustController {
  constructor(private readonly trust: Trust) {}

  @Post('reviews')
  @HttpCode(204)
  review(@Body(zodBody(reviewRequest)) signed: z.output<typeof reviewRequest>): Promise<void> {
    return this.trust.review(signed);
  }

  @Get('hubs/trust')
  ofHubs(@Headers('authorization') authorization?: string): Promise<z.input<typeof hubTrust>> {
    return this.trust.ofHubs(authorization);
  }
}
