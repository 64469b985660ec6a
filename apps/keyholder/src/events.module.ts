/** Makes the key holder's event log available everywhere. */
import { Module } from '@nestjs/common';
import type { DynamicModule } from '@nestjs/common';
import type { AppLogger } from '#platform';
import { EVENTS, keyholderEvents } from './events.js';

@Module({})
export class EventsModule {
  static register(logger: AppLogger): DynamicModule {
    return {
      global: true,
      module: EventsModule,
      providers: [{ provide: EVENTS, useValue: keyholderEvents(logger) }],
      exports: [EVENTS],
    };
  }
}
