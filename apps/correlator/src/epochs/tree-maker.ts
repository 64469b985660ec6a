/**
 * Makes one tree and stores it, signed: by the policy its epoch was closed under, or by a shadow of it. Nothing is carried from one to the
 * next. Knows no key that opens a sum.
 */
import { Inject, Injectable } from '@nestjs/common';
import type { Manifest } from '#audit';
import type { ApprovedShadow, PolicyDocument, Side } from '#contracts';
import { SigningKey } from '#platform';
import { PolicyStore } from '#policy';
import {
  attestationMessage,
  FOLD_TOOLS,
  foldSide,
  ManifestsRepository,
  ObjectionsRepository,
  readWindow,
  TreesRepository,
  type FoldTools,
  type ReadWindow,
  type WeighingPolicy,
} from '#tallies';
import { EVENTS, type CorrelatorEvents } from '../events.js';
import { CorrelatorMetrics } from '../metrics.js';

/** Injection token: how many cohorts are folded at a time. */
export const FOLD_THREADS = Symbol('fold threads');

/** Everything that the trees of one epoch are made from. */
export interface EpochWindow extends ReadWindow {
  readonly manifest: Manifest;
}

@Injectable()
export class TreeMaker {
  constructor(
    @Inject(ManifestsRepository) private readonly manifests: ManifestsRepository,
    @Inject(ObjectionsRepository) private readonly objections: ObjectionsRepository,
    @Inject(TreesRepository) private readonly trees: TreesRepository,
    @Inject(PolicyStore) private readonly policies: Pick<PolicyStore, 'byDigest'>,
    @Inject(SigningKey) private readonly key: SigningKey,
    @Inject(CorrelatorMetrics) private readonly metrics: CorrelatorMetrics,
    @Inject(EVENTS) private readonly events: CorrelatorEvents,
    @Inject(FOLD_TOOLS) private readonly tools: FoldTools,
    @Inject(FOLD_THREADS) private readonly threads: number,
  ) {}

  /** @param weighedBy unless by the manifest's own policy. @throws WindowRefused */
  async read(manifest: Manifest, since: Readonly<Record<Side, number>>, weighedBy?: PolicyDocument): Promise<EpochWindow> {
    const stores = { manifests: this.manifests, objections: this.objections };
    const input = { manifest, policies: this.policies, since, ...(weighedBy && { weighedBy }) };
    return { ...(await readWindow(stores, input)), manifest };
  }

  /** @returns false, with nothing changed, when an attested or decided tree of that name stands */
  make(side: Side, policy: WeighingPolicy, window: EpochWindow, shadow: ApprovedShadow | null = null): Promise<boolean> {
    const { manifest, objections, totals, missing } = window;
    const name = { epoch: manifest.epoch, side, policy: policy.kind };
    const begun = performance.now();
    return this.trees.write(name, async (sink) => {
      const input = { manifest, policy, objections, totals: totals[side] };
      const { header, root, pairs, newSignals, refused } = await foldSide(
        this.tools,
        input,
        { cohortsAtOnce: this.threads + 1 },
        sink,
      );
      const ms = performance.now() - begun;
      const { leaves, newPseudonyms } = header;
      this.metrics.tallied(side, pairs, ms);
      this.events.emit('side-tallied', { ...name, leaves, pairs, newPseudonyms, ms: Math.round(ms) });
      const refusedSelectors = [...refused.values()].reduce((sum, count) => sum + count, 0);
      if (missing + refusedSelectors > 0)
        this.events.emit('left-out', { epoch: manifest.epoch, missingSets: missing, refusedSelectors });
      const signature = this.key.sign(attestationMessage(name, root));
      return { ...name, root, header, signals: newSignals, signature, shadow };
    });
  }
}
