/** The writer for every module that changes handles, positions, marks or counts. Open before anything is answered. */
import { Module } from '@nestjs/common';
import type { DynamicModule, OnApplicationShutdown } from '@nestjs/common';
import { Health } from '#platform';
import { Writer } from './writer.js';

@Module({})
export class WriterModule implements OnApplicationShutdown {
  constructor(
    private readonly writer: Writer,
    health: Health,
  ) {
    health.add('database', () => writer.check());
  }

  static register(writer: Writer): DynamicModule {
    return { global: true, module: WriterModule, providers: [{ provide: Writer, useValue: writer }], exports: [Writer] };
  }

  async onApplicationShutdown(): Promise<void> {
    await this.writer.close();
  }
}
