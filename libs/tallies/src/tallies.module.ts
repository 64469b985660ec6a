/** What correlator and witness share: repositories over the process's pool, and the evaluation scheme with its worker threads. */
import { Inject, Module, type DynamicModule, type OnModuleDestroy } from '@nestjs/common';
import { Pool } from 'pg';
import type { EvaluationScheme } from '#he';
import type { Attesters } from './trees/attesters.js';
import type { FoldTools } from './folds/fold-cohort.js';
import { ManifestsRepository } from './manifests/manifests.repository.js';
import { ObjectionsRepository } from './manifests/objections.repository.js';
import type { KeyHolderPin } from './selectors/pinned-key-holder.js';
import { SelectorsRepository } from './selectors/selectors.repository.js';
import { TreesRepository } from './trees/trees.repository.js';
import { VerifiedSelectors } from './selectors/verified-selectors.js';

export interface TalliesOptions {
  readonly scheme: EvaluationScheme;
  readonly pin: KeyHolderPin;
  /** Whose objections count. */
  readonly witnesses: Attesters;
}

/** Injection token of `FoldTools`. */
export const FOLD_TOOLS = Symbol('fold tools');

@Module({})
export class TalliesModule implements OnModuleDestroy {
  constructor(@Inject(FOLD_TOOLS) private readonly tools: FoldTools) {}

  /** Global; needs PoolModule. The scheme is closed with the application. */
  static register({ scheme, pin, witnesses }: TalliesOptions): DynamicModule {
    const overPool = <T>(token: new (pool: Pool, witnesses: Attesters) => T) => ({
      provide: token,
      inject: [Pool],
      useFactory: (pool: Pool) => new token(pool, witnesses),
    });
    const tools = {
      provide: FOLD_TOOLS,
      inject: [Pool],
      useFactory: (pool: Pool): FoldTools => ({
        scheme,
        selectors: new SelectorsRepository(pool),
        verified: new VerifiedSelectors(pin),
      }),
    };
    const providers = [overPool(ManifestsRepository), overPool(ObjectionsRepository), overPool(TreesRepository), tools];
    return { global: true, module: TalliesModule, providers, exports: providers.map(({ provide }) => provide) };
  }

  /** First, so that a fold under way ends now; it is made again after the next start. Import this module before the queue's. */
  async onModuleDestroy(): Promise<void> {
    await this.tools.scheme.close();
  }
}
