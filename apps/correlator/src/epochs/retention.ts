/**
 * Forgetting: ciphertexts of settled epochs that left the window, and manifests whose SETs nyms has removed. An entry goes after its SET,
 * never before: a SET that no manifest names would be taken for a new one.
 */
import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { Repeated } from '#platform';
import { PolicyStore } from '#policy';
import { ManifestsRepository, TreesRepository } from '#tallies';
import { EVENTS, type CorrelatorEvents } from '../events.js';

const everyMs = 10 * 60_000;

@Injectable()
export class Retention implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly forgetting = new Repeated(
    () => this.forget(),
    (error) => this.events.emit('step-failed', { step: 'retain' }, error),
  );

  constructor(
    @Inject(ManifestsRepository) private readonly manifests: ManifestsRepository,
    @Inject(TreesRepository) private readonly trees: TreesRepository,
    @Inject(PolicyStore) private readonly policies: Pick<PolicyStore, 'live'>,
    @Inject(EVENTS) private readonly events: CorrelatorEvents,
  ) {}

  onApplicationBootstrap(): void {
    this.forgetting.start(everyMs);
  }

  onModuleDestroy(): Promise<void> {
    return this.forgetting.stop();
  }

  async forget(): Promise<void> {
    const outside = (await this.manifests.newestEpoch()) - this.policies.live().document.windowEpochs;
    await this.trees.removeCiphertextsBefore(outside);
    await this.manifests.removeBefore(outside);
  }
}
