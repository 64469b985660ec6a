/** How far an epoch is, and what became of its SETs: numbers only, for operators. */
import { Inject, Injectable } from '@nestjs/common';
import type { z } from 'zod';
import { Problem, sides } from '#contracts';
import type { epochHubs, epochState } from '#contracts';
import { ManifestsRepository, ObjectionsRepository, TreesRepository, type StoredTree } from '#tallies';

export type EpochState = z.output<typeof epochState>;
export type EpochHubs = z.output<typeof epochHubs>;

@Injectable()
export class EpochReport {
  constructor(
    @Inject(ManifestsRepository) private readonly manifests: ManifestsRepository,
    @Inject(ObjectionsRepository) private readonly objections: ObjectionsRepository,
    @Inject(TreesRepository) private readonly trees: TreesRepository,
  ) {}

  /** @throws Problem not-found */
  async stateOf(epoch: number): Promise<EpochState> {
    if (!(await this.manifests.find(epoch))) throw new Problem('not-found');
    const arrived = (await this.manifests.countsByHub(epoch)).reduce((sum, { signals }) => sum + signals, 0);
    const trees = await this.#treesOf(epoch);
    const counted = trees.reduce((sum, { outcome, signals }) => sum + (outcome === 'decided' ? signals : 0), 0);
    return { epoch, state: await this.#stepOf(epoch, trees), signals: arrived, counted };
  }

  /** @throws Problem not-found */
  async hubsOf(epoch: number): Promise<EpochHubs> {
    if (!(await this.manifests.find(epoch))) throw new Problem('not-found');
    const counts = await this.manifests.countsByHub(epoch);
    const decided = (await this.trees.newestDecided('negative')) >= epoch;
    const hubs = [...new Set(counts.map(({ hub }) => hub))].map((hub) => {
      const of = (...states: string[]) =>
        counts.reduce((sum, row) => sum + (row.hub === hub && states.includes(row.state) ? row.signals : 0), 0);
      return {
        hub,
        accepted: of('received', 'counted'),
        held: of('held'),
        ignored: of('ignored'),
        retracted: of('retracted'),
        rejected: of('rejected'),
        counted: decided ? of('counted') : 0,
      };
    });
    return { epoch, hubs };
  }

  async #treesOf(epoch: number): Promise<StoredTree[]> {
    return (await Promise.all(sides.map((side) => this.trees.find({ epoch, side, policy: 'live' })))).flatMap(
      (tree) => tree ?? [],
    );
  }

  /** Of all sides that were tallied: an epoch is as far as the one that is least far. */
  async #stepOf(epoch: number, trees: readonly StoredTree[]): Promise<EpochState['state']> {
    const negative = trees.find(({ side }) => side === 'negative');
    if (!negative) {
      if ((await this.trees.newestDecided('negative')) > epoch) return 'waiting';
      return (await this.objections.isInspected(epoch)) ? 'inspected' : 'closed';
    }
    if (trees.every(({ outcome }) => outcome !== null)) return negative.outcome ?? 'tallied';
    for (const tree of trees) {
      if (tree.outcome === null && (await this.trees.attestations(tree)).length === 0) return 'tallied';
    }
    return 'attested';
  }
}
