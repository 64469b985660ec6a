/** What the correlator asks before it begins: which keys and parameters selectors are made under. Nothing secret. */
import { Controller, Get, Module } from '@nestjs/common';
import type { z } from 'zod';
import type { keyholderParameters } from '#contracts';
import { toBase64Url } from '#contracts';
import { OnlyFor } from '#platform';
import { KeyEpochs } from '../key-epochs/key-epochs.service.js';
import { KeyholderKeys } from '../keys/keyholder-keys.js';
import { ParametersRepository } from './parameters.repository.js';

@Controller('v1/parameters')
export class ParametersController {
  constructor(
    private readonly keys: KeyholderKeys,
    private readonly keyEpochs: KeyEpochs,
    private readonly repository: ParametersRepository,
  ) {}

  @Get()
  @OnlyFor('correlator')
  async parameters(): Promise<z.input<typeof keyholderParameters>> {
    const { keyHolderId, parameterSet } = this.keys;
    const { selectorKeys } = await this.keyEpochs.pin();
    const named = selectorKeys.map(({ keyEpoch, key }) => ({ keyEpoch, key: toBase64Url(key) }));
    return { keyHolderId, parameterSet, selectorKeys: named, ...(await this.repository.progress()) };
  }
}

@Module({ controllers: [ParametersController], providers: [ParametersRepository] })
export class ParametersModule {}
