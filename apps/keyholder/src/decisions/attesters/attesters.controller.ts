/** `GET /v1/attesters`: whose attestations count now, for people who would change that. */
import { Controller, Get, Headers } from '@nestjs/common';
import type { z } from 'zod';
import type { attestersAnswer } from '#contracts';
import { OnlyFor } from '#platform';
import { Readers } from '../../people/readers.js';
import { AttesterRegistry, documentOf } from './attester-registry.js';

@Controller('v1/attesters')
@OnlyFor('ctl')
export class AttestersController {
  constructor(
    private readonly registry: AttesterRegistry,
    private readonly readers: Readers,
  ) {}

  @Get()
  async attesters(@Headers('authorization') authorization: string | undefined): Promise<z.input<typeof attestersAnswer>> {
    await this.readers.require(authorization);
    const { version, attesters } = this.registry.current;
    return { version, attesters: documentOf(attesters) };
  }
}
