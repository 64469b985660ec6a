/**
 * Tallies the newest epoch that all witnesses have inspected (protocol.md §5). Epochs are not tallied one after another for their own
 * sake: a window covers those before it, so a correlator that fell behind goes to the newest.
 *
 * A tree waits for its witnesses. When one stays overdue, the tally is made again: rows may have come or gone between correlator and
 * witness (a pseudonym minted just then), and whoever looks now sees the same.
 */
import { Inject, Injectable } from '@nestjs/common';
import type { Manifest } from '#audit';
import { fromBase64Url, sides, type PolicyDocument, type Side } from '#contracts';
import { countSameHubs, PolicyStore } from '#policy';
import { FOLD_TOOLS, ManifestsRepository, ObjectionsRepository, policyOf, TreesRepository, type FoldTools } from '#tallies';
import { EVENTS, type CorrelatorEvents } from '../events.js';
import { KeyholderClient } from '../keyholder/keyholder-client.js';
import { Patience } from './patience.js';
import { TreeMaker } from './tree-maker.js';

@Injectable()
export class TallyingService {
  constructor(
    @Inject(ManifestsRepository) private readonly manifests: ManifestsRepository,
    @Inject(ObjectionsRepository) private readonly objections: ObjectionsRepository,
    @Inject(TreesRepository) private readonly trees: TreesRepository,
    @Inject(PolicyStore) private readonly policies: Pick<PolicyStore, 'byDigest'>,
    @Inject(KeyholderClient) private readonly keyholder: Pick<KeyholderClient, 'parameters'>,
    @Inject(TreeMaker) private readonly maker: TreeMaker,
    @Inject(EVENTS) private readonly events: CorrelatorEvents,
    @Inject(FOLD_TOOLS) private readonly tools: FoldTools,
    @Inject(Patience) private readonly patience: Patience,
  ) {}

  /** Tallies what is due. @returns the epoch, when at least one side was stored. */
  async tallyNext(): Promise<number | undefined> {
    const epoch = await this.objections.newestInspected();
    const manifest = epoch === undefined ? undefined : await this.manifests.find(epoch);
    if (!manifest) return undefined;
    const policy = policyOf(this.policies, manifest);
    const possible = await this.#dueSides(manifest.epoch, policy);
    const parameters = possible.length > 0 ? await this.keyholder.parameters() : undefined;
    if (!parameters) return undefined;
    const { lastDecided: decided, selectorKeys } = parameters;
    // selectors of a key epoch that we cannot check would be left out, and count for nobody
    if (selectorKeys.some(({ keyEpoch }) => !this.tools.verified.knows(keyEpoch))) {
      this.events.emit('pin-behind', { epoch: manifest.epoch });
      return undefined;
    }
    const due = possible.filter((side) => decided[side] < manifest.epoch);
    if (due.length === 0) return undefined;
    const window = await this.maker.read(manifest, decided);
    const weighing = { kind: 'live', digest: manifest.policyDigest, document: policy } as const;
    // the negative side last: whoever sees it stored sees both
    let stored = false;
    for (const side of due) {
      const begun = performance.now();
      stored = (await this.maker.make(side, weighing, window)) || stored;
      this.patience.begin(side, manifest.epoch, performance.now() - begun);
    }
    return stored ? manifest.epoch : undefined;
  }

  async #dueSides(epoch: number, policy: PolicyDocument): Promise<Side[]> {
    const due: Side[] = [];
    for (const side of [...sides].reverse()) if (await this.#isDue(side, epoch, policy)) due.push(side);
    return due;
  }

  async #isDue(side: Side, epoch: Manifest['epoch'], policy: PolicyDocument): Promise<boolean> {
    const newest = await this.trees.newest(side);
    if (newest?.outcome === null) {
      if (this.patience.isLeft(side, newest.epoch)) return false;
      if (newest.epoch >= epoch && (await this.trees.attestations(newest)).length > 0) return false;
      this.events.emit('witness-overdue', { epoch: newest.epoch, side });
      return true;
    }
    if (newest && newest.epoch >= epoch) return false;
    if (side === 'negative') return true;
    const decided = await this.trees.newestDecided(side);
    return epoch - decided >= policy.positive.everyEpochs || !(await this.#countedSameHubs(decided, policy));
  }

  /** A hub that went into quarantine, or came out of it, stops or begins to count for standing at once, not when the next turn comes. */
  async #countedSameHubs(decided: Manifest['epoch'], policy: PolicyDocument): Promise<boolean> {
    const tree = await this.trees.find({ epoch: decided, side: 'positive', policy: 'live' });
    const before = tree && this.policies.byDigest(fromBase64Url(tree.header.policyDigest))?.document;
    return before === undefined || countSameHubs(before, policy);
  }
}
