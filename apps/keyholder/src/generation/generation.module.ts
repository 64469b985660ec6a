/** The generation for every module. It was opened before the application was made. */
import { Module } from '@nestjs/common';
import type { DynamicModule } from '@nestjs/common';
import { Generation } from './generation.js';

@Module({})
export class GenerationModule {
  static register(generation: Generation): DynamicModule {
    const providers = [{ provide: Generation, useValue: generation }];
    return { global: true, module: GenerationModule, providers, exports: [Generation] };
  }
}
