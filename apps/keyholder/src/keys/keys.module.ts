/** Keys and scheme for every module of this process. They are opened before the application is made: without them nothing starts. */
import { Inject, Module } from '@nestjs/common';
import type { DynamicModule, OnApplicationShutdown } from '@nestjs/common';
import { Health } from '#platform';
import type { SecretScheme } from '../secret-key/index.js';
import { KeyholderKeys } from './keyholder-keys.js';

/** Injection token of the SecretScheme. */
export const SECRET_SCHEME = Symbol('secret scheme');

@Module({})
export class KeysModule implements OnApplicationShutdown {
  constructor(
    @Inject(SECRET_SCHEME) private readonly scheme: SecretScheme,
    health: Health,
  ) {
    health.add('scheme', () => scheme.encryptSelector(0));
  }

  static register(keys: KeyholderKeys, scheme: SecretScheme): DynamicModule {
    return {
      global: true,
      module: KeysModule,
      providers: [
        { provide: KeyholderKeys, useValue: keys },
        { provide: SECRET_SCHEME, useValue: scheme },
      ],
      exports: [KeyholderKeys, SECRET_SCHEME],
    };
  }

  async onApplicationShutdown(): Promise<void> {
    await this.scheme.close();
  }
}
