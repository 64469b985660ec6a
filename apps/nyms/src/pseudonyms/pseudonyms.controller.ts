/** The routes of a pseudonym's own clients. Unauthenticated by design: no cookie, token or address is read here, and nothing is logged. */
import { Body, Controller, HttpCode, Post } from '@nestjs/common';
import type { z } from 'zod';
import { furtherClientRequest, redemptionRequest, renewalRequest } from '#contracts';
import { zodBody } from '#platform';
import { NymsMetrics } from '../metrics.js';
import { Gate } from '../overload.js';
import type { Credential } from './credentials.service.js';
import { FurtherClientService } from './further-client.service.js';
import { RedemptionService } from './redemption.service.js';
import { RenewalService } from './renewal.service.js';

/** Each may wait for a pool of the key holder. */
const MOST_UNDER_WAY = 512;

@Controller('v1/pseudonyms')
export class PseudonymsController {
  private readonly gate = new Gate(MOST_UNDER_WAY);

  constructor(
    private readonly redemption: RedemptionService,
    private readonly renewal: RenewalService,
    private readonly furtherClient: FurtherClientService,
    private readonly metrics: NymsMetrics,
  ) {}

  @Post()
  @HttpCode(201)
  redeem(@Body(zodBody(redemptionRequest)) body: z.output<typeof redemptionRequest>): Promise<Credential> {
    return this.metrics.credential('redemption', () => this.gate.within(() => this.redemption.redeem(body)));
  }

  @Post('renewals')
  @HttpCode(201)
  renew(@Body(zodBody(renewalRequest)) body: z.output<typeof renewalRequest>): Promise<Credential> {
    return this.metrics.credential('renewal', () => this.gate.within(() => this.renewal.renew(body)));
  }

  @Post('clients')
  @HttpCode(201)
  addClient(@Body(zodBody(furtherClientRequest)) body: z.output<typeof furtherClientRequest>): Promise<Credential> {
    return this.metrics.credential('further-client', () => this.gate.within(() => this.furtherClient.admit(body)));
  }
}
