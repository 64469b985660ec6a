/** The registry of people, for every module that lets people act; and `GET /v1/people` for the people themselves. */
import { Controller, Get, Headers, Module } from '@nestjs/common';
import type { DynamicModule, OnModuleInit } from '@nestjs/common';
import type { z } from 'zod';
import type { PeopleChain } from '#approvals';
import type { peopleAnswer } from '#contracts';
import { OnlyFor } from '#platform';
import { Generation } from '../generation/generation.js';
import { PEOPLE, PeopleRegistry } from './people-registry.js';
import { Readers } from './readers.js';

@Controller('v1/people')
@OnlyFor('ctl')
export class PeopleController {
  constructor(
    private readonly registry: PeopleRegistry,
    private readonly readers: Readers,
    private readonly generation: Generation,
  ) {}

  @Get()
  async people(@Headers('authorization') authorization: string | undefined): Promise<z.input<typeof peopleAnswer>> {
    await this.readers.require(authorization);
    const { digest, document } = this.registry.current;
    return { digest, document, generation: this.generation.number };
  }
}

@Module({})
export class PeopleModule implements OnModuleInit {
  constructor(private readonly registry: PeopleRegistry) {}

  static register(people: PeopleChain): DynamicModule {
    return {
      global: true,
      module: PeopleModule,
      controllers: [PeopleController],
      providers: [PeopleRegistry, Readers, { provide: PEOPLE, useValue: people }],
      exports: [PeopleRegistry, Readers],
    };
  }

  async onModuleInit(): Promise<void> {
    await this.registry.open();
  }
}
