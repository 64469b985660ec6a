/** Gives an app its policies: loaded before the app answers, watched until it stops. */
import { Module, type DynamicModule, type OnApplicationShutdown } from '@nestjs/common';
import type { PeopleChain } from '#approvals';
import { pinnedPeople } from './known-people.js';
import { PolicyStore, type PolicyStoreOptions } from './policy-store.js';

export interface PolicyModuleOptions extends Omit<PolicyStoreOptions, 'people'> {
  /** The pinned first registry of people, or the registries that the process has by itself. */
  readonly people: string | PeopleChain;
}

@Module({})
export class PolicyModule implements OnApplicationShutdown {
  constructor(private readonly store: PolicyStore) {}

  static forRoot({ people, ...options }: PolicyModuleOptions): DynamicModule {
    return {
      module: PolicyModule,
      global: true,
      providers: [
        {
          provide: PolicyStore,
          useFactory: () =>
            new PolicyStore({ ...options, people: typeof people === 'string' ? pinnedPeople(people) : people }).open(),
        },
      ],
      exports: [PolicyStore],
    };
  }

  onApplicationShutdown(): void {
    this.store.close();
  }
}
