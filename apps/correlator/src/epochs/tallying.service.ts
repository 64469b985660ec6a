/**
 * Tallies the newest epoch that all witnesses have inspected (protocol.md §5). Epochs are not tallied one after another for their own
 * sake: a window covers those before it, so a correlator that fell behind goes to the newest.
 *
 * A tree waits for its witnesses. When one stays overdue, the tally is made again: rows may have come or gone between correlator and
 * witness (a pseudonym minted just then), and whoever looks now sees the same. Nothing is carried from one tally to the next.
 */
import { Inject, Injectable } from '@nestjs/common';
import type { Manifest } from '#audit';
import { sides, type PolicyDocument, type Side } from '#contracts';
import { SigningKey } from '#platform';
import { PolicyStore } from '#policy';
import {
  attestationMessage,
  epochsOf,
  FOLD_TOOLS,
  foldSide,
  ManifestsRepository,
  ObjectionsRepository,
  policyOf,
  readWindow,
  TreesRepository,
  windowStart,
  type FoldTools,
  type ReadWindow,
  type SideInput,
} from '#tallies';
import { EVENTS, type CorrelatorEvents } from '../events.js';
import { KeyholderClient } from '../keyholder/keyholder-client.js';
import { CorrelatorMetrics } from '../metrics.js';
import { Patience } from './patience.js';

/** Injection token: how many cohorts are folded at a time. */
export const FOLD_THREADS = Symbol('fold threads');

@Injectable()
export class TallyingService {
  constructor(
    @Inject(ManifestsRepository) private readonly manifests: ManifestsRepository,
    @Inject(ObjectionsRepository) private readonly objections: ObjectionsRepository,
    @Inject(TreesRepository) private readonly trees: TreesRepository,
    @Inject(PolicyStore) private readonly policies: Pick<PolicyStore, 'byDigest'>,
    @Inject(KeyholderClient) private readonly keyholder: Pick<KeyholderClient, 'parameters'>,
    @Inject(SigningKey) private readonly key: SigningKey,
    @Inject(CorrelatorMetrics) private readonly metrics: CorrelatorMetrics,
    @Inject(EVENTS) private readonly events: CorrelatorEvents,
    @Inject(FOLD_TOOLS) private readonly tools: FoldTools,
    @Inject(FOLD_THREADS) private readonly threads: number,
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
    const from = windowStart({ epoch: manifest.epoch, policy });
    const earlier = await this.manifests.ruledEarlier(from, manifest.epoch);
    const objections = await this.objections.between(from, manifest.epoch, epochsOf(earlier));
    const input = { manifest, policies: this.policies, objections, earlier, since: decided };
    const window = await readWindow(this.manifests, input);
    // the negative side last: whoever sees it stored sees both
    let stored = false;
    for (const side of due) {
      stored = (await this.#tally({ manifest, policy, objections, totals: window.totals[side] }, window)) || stored;
    }
    return stored ? manifest.epoch : undefined;
  }

  async #tally(input: SideInput, { missing }: ReadWindow): Promise<boolean> {
    const { epoch } = input.manifest;
    const { side } = input.totals;
    const begun = performance.now();
    const stored = await this.trees.write(epoch, side, async (sink) => {
      const folded = await foldSide(this.tools, input, { cohortsAtOnce: this.threads + 1 }, sink);
      const { header, root, pairs, refused } = folded;
      const ms = performance.now() - begun;
      this.metrics.tallied(side, pairs, ms);
      this.events.emit('side-tallied', {
        epoch,
        side,
        leaves: header.leaves,
        pairs,
        newPseudonyms: header.newPseudonyms,
        ms: Math.round(ms),
      });
      const refusedSelectors = [...refused.values()].reduce((sum, count) => sum + count, 0);
      if (missing + refusedSelectors > 0) this.events.emit('left-out', { epoch, missingSets: missing, refusedSelectors });
      return { epoch, side, root, header, signature: this.key.sign(attestationMessage(epoch, side, root)) };
    });
    this.patience.begin(side, epoch, performance.now() - begun);
    return stored;
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
      if (newest.epoch >= epoch && (await this.trees.attestations(newest.epoch, side)).length > 0) return false;
      this.events.emit('witness-overdue', { epoch: newest.epoch, side });
      return true;
    }
    if (newest && newest.epoch >= epoch) return false;
    return side === 'negative' || epoch - (await this.trees.newestDecided(side)) >= policy.positive.everyEpochs;
  }
}
