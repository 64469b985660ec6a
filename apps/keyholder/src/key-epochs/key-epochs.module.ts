/** Key epochs: their life, what they are still needed for, and the pin that names their keys. */
import { Controller, Get, Module } from '@nestjs/common';
import type { DynamicModule } from '@nestjs/common';
import type { z } from 'zod';
import type { keyEpochStates, pinAnswer } from '#contracts';
import { OnlyFor } from '#platform';
import { pinText } from '#pseudonyms';
import { SealedFolder } from '../sealing/sealed-folder.js';
import { KeyEpochs, SCHEME_THREADS } from './key-epochs.service.js';

@Controller('v1')
@OnlyFor('ctl')
export class KeyEpochsController {
  constructor(private readonly keyEpochs: KeyEpochs) {}

  @Get('key-epochs')
  async states(): Promise<z.input<typeof keyEpochStates>> {
    return { keyEpochs: await this.keyEpochs.states() };
  }

  @Get('pin')
  async pin(): Promise<z.input<typeof pinAnswer>> {
    return { pin: pinText(await this.keyEpochs.pin()) };
  }
}

@Module({})
export class KeyEpochsModule {
  static register(sealed: SealedFolder, threads: number): DynamicModule {
    return {
      global: true,
      module: KeyEpochsModule,
      controllers: [KeyEpochsController],
      providers: [KeyEpochs, { provide: SealedFolder, useValue: sealed }, { provide: SCHEME_THREADS, useValue: threads }],
      exports: [KeyEpochs],
    };
  }
}
