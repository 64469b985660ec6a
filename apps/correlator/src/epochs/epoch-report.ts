/** How far an epoch is, and what became of its SETs: numbers only, for operators. */
import { Inject, Injectable } from '@nestjs/common';
import type { z } from 'zod';
import type { Manifest } from '#audit';
import { eventTypes, Problem, sides } from '#contracts';
import type { epochHubs, epochState, Side } from '#contracts';
import { hubWeighsOn, PolicyStore } from '#policy';
import { fromText, ManifestsRepository, ObjectionsRepository, TreesRepository, type StoredTree } from '#tallies';

export type EpochState = z.output<typeof epochState>;
export type EpochHubs = z.output<typeof epochHubs>;

@Injectable()
export class EpochReport {
  constructor(
    @Inject(ManifestsRepository) private readonly manifests: ManifestsRepository,
    @Inject(ObjectionsRepository) private readonly objections: ObjectionsRepository,
    @Inject(TreesRepository) private readonly trees: TreesRepository,
    @Inject(PolicyStore) private readonly policies: Pick<PolicyStore, 'byDigest'>,
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
    const manifest = await this.manifests.find(epoch);
    if (!manifest) throw new Problem('not-found');
    const counts = await this.manifests.countsByHub(epoch);
    const wasHeard = await this.#heardFrom(manifest);
    const hubs = [...new Set(counts.map(({ hub }) => hub))].map((hub) => {
      const own = counts.filter((row) => row.hub === hub);
      const sum = (rows: typeof own) => rows.reduce((all, { signals }) => all + signals, 0);
      const of = (...states: string[]) => sum(own.filter(({ state }) => states.includes(state)));
      return {
        hub,
        accepted: of('received', 'counted'),
        held: of('held'),
        ignored: of('ignored'),
        retracted: of('retracted'),
        rejected: of('rejected'),
        counted: sum(own.filter(({ state, eventType }) => state === 'counted' && wasHeard(hub, sideOf(eventType)))),
      };
    });
    return { epoch, hubs };
  }

  /** Did anything that arrived then from that hub weigh in a tally of that side that was decided? By the policy of each tally. */
  async #heardFrom({ epoch, closedDay }: Manifest): Promise<(hub: string, side: Side) => boolean> {
    const trees = await this.trees.decidedFrom(epoch);
    const decided = trees.flatMap(({ epoch: at, side, header }) => {
      const document = this.policies.byDigest(fromText(header.policyDigest))?.document;
      return document && at - epoch < document.windowEpochs ? [{ side, document }] : [];
    });
    return (hub, side) => decided.some((tree) => tree.side === side && hubWeighsOn(tree.document, hub, closedDay));
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

const sideOf = (eventType: string): Side => (eventType === eventTypes.commend ? 'positive' : 'negative');
