/** What the correlator asks before it begins: which keys and parameters selectors are made under. Nothing secret. */
import { Controller, Get, Module } from '@nestjs/common';
import type { z } from 'zod';
import type { keyholderParameters } from '#contracts';
import { toBase64Url } from '#contracts';
import { OnlyFor } from '#platform';
import { KeyholderKeys } from '../keys/keyholder-keys.js';
import { ParametersRepository } from './parameters.repository.js';

@Controller('v1/parameters')
export class ParametersController {
  constructor(
    private readonly keys: KeyholderKeys,
    private readonly repository: ParametersRepository,
  ) {}

  @Get()
  @OnlyFor('correlator')
  async parameters(): Promise<z.input<typeof keyholderParameters>> {
    const { keyHolderId, parameterSet, keyEpoch, selectorKey } = this.keys;
    const lastDecided = await this.repository.lastDecided();
    return { keyHolderId, parameterSet, keyEpochs: [keyEpoch], selectorKey: toBase64Url(selectorKey), lastDecided };
  }
}

@Module({ controllers: [ParametersController], providers: [ParametersRepository] })
export class ParametersModule {}
