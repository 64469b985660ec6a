/**
 * Tallies an epoch once more by the shadow policy that the key holder asks it by, when there is one: other weights, decay, caps or trust come
 * to other sums. Only epochs that were decided, each once; when one is missed, by a crash or a witness that saw other rows, the next has its
 * own. What comes of it are counts for operators, which never pass here.
 */
import { Inject, Injectable } from '@nestjs/common';
import type { ApprovedShadow, Side } from '#contracts';
import { approvedShadowPolicy, PolicyStore } from '#policy';
import { ManifestsRepository, policyOf, sinceOf, TreesRepository, type StoredTree } from '#tallies';
import { EVENTS, type CorrelatorEvents } from '../events.js';
import { KeyholderClient } from '../keyholder/keyholder-client.js';
import { TreeMaker } from './tree-maker.js';

@Injectable()
export class ShadowTallyingService {
  constructor(
    @Inject(ManifestsRepository) private readonly manifests: ManifestsRepository,
    @Inject(TreesRepository) private readonly trees: TreesRepository,
    @Inject(PolicyStore) private readonly policies: Pick<PolicyStore, 'byDigest' | 'people'>,
    @Inject(KeyholderClient) private readonly keyholder: Pick<KeyholderClient, 'parameters'>,
    @Inject(TreeMaker) private readonly maker: TreeMaker,
    @Inject(EVENTS) private readonly events: CorrelatorEvents,
  ) {}

  /** @returns the newest epoch of which a tree was stored */
  async tallyNext(): Promise<number | undefined> {
    const parameters = await this.keyholder.parameters();
    const shadow = parameters?.shadow;
    if (!shadow) return undefined;
    let newest: number | undefined;
    for (const [epoch, trees] of await this.#due(parameters.lastDecided, shadow.due)) {
      if (await this.#tally(epoch, trees, shadow.approved)) newest = Math.max(epoch, newest ?? 0);
    }
    return newest;
  }

  /** Decided trees that have no counterpart yet, by epoch. */
  async #due(lastDecided: Readonly<Record<Side, number>>, due: readonly Side[]): Promise<Map<number, StoredTree[]>> {
    const trees = new Map<number, StoredTree[]>();
    for (const side of due) {
      const epoch = lastDecided[side];
      const live = await this.trees.find({ epoch, side, policy: 'live' });
      if (live?.outcome !== 'decided' || (await this.trees.find({ epoch, side, policy: 'shadow' }))) continue;
      trees.set(epoch, [...(trees.get(epoch) ?? []), live]);
    }
    return trees;
  }

  async #tally(epoch: number, decided: readonly StoredTree[], approved: ApprovedShadow): Promise<boolean> {
    const manifest = await this.manifests.find(epoch);
    if (!manifest) return false;
    const policy = approvedShadowPolicy(approved, policyOf(this.policies, manifest), this.policies.people);
    if (!policy) {
      this.events.emit('shadow-refused', { epoch });
      return false;
    }
    const window = await this.maker.read(manifest, sinceOf(decided), policy.document);
    let stored = false;
    for (const { side } of decided) {
      stored = (await this.maker.make(side, { kind: 'shadow', ...policy }, window, approved)) || stored;
    }
    return stored;
  }
}
