/** The registry of people, for every module that lets people act; and `GET /v1/people` for the people themselves, each version under its digest. */
import { Controller, Get, Headers, Module, Param } from '@nestjs/common';
import type { DynamicModule, OnModuleInit } from '@nestjs/common';
import type { z } from 'zod';
import type { People, PeopleChain } from '#approvals';
import { digestText, Problem } from '#contracts';
import type { peopleAnswer } from '#contracts';
import { OnlyFor, zodPath } from '#platform';
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
    return this.answer(this.registry.current);
  }

  /** Of then: a request names the registry that it is judged by, and its evidence outlives that registry. */
  @Get(':digest')
  async version(
    @Headers('authorization') authorization: string | undefined,
    @Param('digest', zodPath(digestText)) digest: string,
  ): Promise<z.input<typeof peopleAnswer>> {
    await this.readers.require(authorization);
    const people = this.registry.withDigest(digest);
    if (!people) throw new Problem('not-found');
    return this.answer(people);
  }

  private answer({ digest, document }: People): z.input<typeof peopleAnswer> {
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
