/** Keys and schemes for every module of this process. They are opened before the application is made: without them nothing starts. */
import { Module } from '@nestjs/common';
import type { DynamicModule, OnApplicationShutdown } from '@nestjs/common';
import { Health } from '#platform';
import { Schemes } from '../key-epochs/schemes.js';
import { KeyholderKeys } from './keyholder-keys.js';

@Module({})
export class KeysModule implements OnApplicationShutdown {
  constructor(
    private readonly schemes: Schemes,
    health: Health,
  ) {
    health.add('scheme', () => schemes.check());
  }

  static register(keys: KeyholderKeys, schemes: Schemes): DynamicModule {
    return {
      global: true,
      module: KeysModule,
      providers: [
        { provide: KeyholderKeys, useValue: keys },
        { provide: Schemes, useValue: schemes },
      ],
      exports: [KeyholderKeys, Schemes],
    };
  }

  async onApplicationShutdown(): Promise<void> {
    await this.schemes.close();
  }
}
