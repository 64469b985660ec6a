/** Gives an app its policies: loaded before the app answers, watched until it stops. */
import { Module, type DynamicModule, type OnApplicationShutdown } from '@nestjs/common';
import { readOperators } from '../signing/operators.js';
import { PolicyStore, type PolicyStoreOptions } from './policy-store.js';

export interface PolicyModuleOptions extends Omit<PolicyStoreOptions, 'operators'> {
  /** JSON `{quorum, operators: [{id, key}]}`, pinned. */
  readonly operatorsFile: string;
}

@Module({})
export class PolicyModule implements OnApplicationShutdown {
  constructor(private readonly store: PolicyStore) {}

  static forRoot({ operatorsFile, ...options }: PolicyModuleOptions): DynamicModule {
    return {
      module: PolicyModule,
      global: true,
      providers: [
        {
          provide: PolicyStore,
          useFactory: () => new PolicyStore({ ...options, operators: readOperators(operatorsFile) }).open(),
        },
      ],
      exports: [PolicyStore],
    };
  }

  onApplicationShutdown(): void {
    this.store.close();
  }
}
