/**
 * Recomputes a tally from the signed SETs, the manifests as inspected and the selectors, and signs its root when it is the same
 * (protocol.md §5). From the correlator's tables it takes the root to compare, `since`, which the key holder checks, and a shadow policy,
 * which people must have approved. It never signs two roots for one (epoch, side, policy): the table's primary key sees to it, and its role
 * may neither change nor delete.
 */
import { Inject, Injectable } from '@nestjs/common';
import { InjectQueue } from '@nestjs/bullmq';
import type { Queue } from 'bullmq';
import { manifestMessage } from '#audit';
import { queues, sameBytes, type PolicyDocument } from '#contracts';
import { SigningKey, wake } from '#platform';
import { approvedShadowPolicy, PolicyStore } from '#policy';
import {
  attestationMessage,
  FOLD_TOOLS,
  foldSide,
  isSignedBy,
  ManifestsRepository,
  ObjectionsRepository,
  policyOf,
  readWindow,
  RetryPause,
  sinceOf,
  toText,
  TreesRepository,
  WindowRefused,
  windowStart,
  type Attesters,
  type FoldedSide,
  type FoldTools,
  type SignedManifest,
  type StoredTree,
  type WeighingPolicy,
} from '#tallies';
import { EVENTS, type TreeFault, type WitnessEvents } from '../events.js';
import { CORRELATOR } from '../inspecting/inspecting.service.js';
import { MemoryRepository } from '../inspecting/memory.repository.js';
import { WitnessMetrics } from '../metrics.js';

/** Injection tokens: our id, and how many cohorts are folded at a time. */
export const WITNESS_ID = Symbol('witness id');
export const FOLD_THREADS = Symbol('fold threads');

@Injectable()
export class AttestingService {
  /** By root: the same tree is folded again only after a growing pause, another one at once. */
  private readonly pause = new RetryPause();

  constructor(
    @Inject(ManifestsRepository) private readonly manifests: ManifestsRepository,
    @Inject(ObjectionsRepository) private readonly objections: ObjectionsRepository,
    @Inject(TreesRepository) private readonly trees: TreesRepository,
    @Inject(MemoryRepository) private readonly memory: MemoryRepository,
    @Inject(PolicyStore) private readonly policies: Pick<PolicyStore, 'byDigest' | 'people'>,
    @Inject(SigningKey) private readonly key: SigningKey,
    @Inject(WitnessMetrics) private readonly metrics: WitnessMetrics,
    @Inject(EVENTS) private readonly events: WitnessEvents,
    @Inject(CORRELATOR) private readonly correlator: Attesters,
    @Inject(WITNESS_ID) private readonly id: string,
    @Inject(FOLD_TOOLS) private readonly tools: FoldTools,
    @Inject(FOLD_THREADS) private readonly threads: number,
    @InjectQueue(queues.epochs) private readonly epochs: Pick<Queue, 'add'>,
  ) {}

  /** Attests what waits for it and can be recomputed now. @returns how many trees. */
  async attestNext(): Promise<number> {
    let count = 0;
    for (const trees of await this.#open()) {
      const { epoch } = trees[0];
      const attested = await this.#attest(trees);
      if (attested > 0) await wake(this.epochs, 'decide', { epoch });
      count += attested;
    }
    return count;
  }

  async hasOpenTree(): Promise<boolean> {
    return (await this.#open()).length > 0;
  }

  /** Undecided trees without our attestation that need no pause, by epoch and policy. */
  async #open(): Promise<OpenTrees[]> {
    const open = new Map<string, OpenTrees>();
    for (const tree of await this.trees.undecided()) {
      if (!this.pause.isOver(keyOf(tree))) continue;
      if ((await this.trees.attestations(tree)).some(({ witness }) => witness === this.id)) continue;
      const name = `${tree.epoch} ${tree.policy}`;
      const others = open.get(name);
      if (others) others.push(tree);
      else open.set(name, [tree]);
    }
    return [...open.values()];
  }

  /** Both sides of an epoch from one reading of the window. */
  async #attest(trees: OpenTrees): Promise<number> {
    const { epoch } = trees[0];
    const manifest = await this.manifests.find(epoch);
    if (!manifest || (await this.memory.state()).inspected < epoch) return 0;
    const live = policyOf(this.policies, manifest);
    const from = windowStart({ epoch, policy: live });
    const refuse = (fault: TreeFault) => trees.forEach((tree) => this.#refuse(tree, fault));
    const policy = this.#policyOf(trees[0], manifest, live);
    if (!policy) return (refuse('policy'), 0);
    if ((await this.memory.leftOut(epoch)) > 0) return (refuse('incomplete'), 0);
    await this.#tellVanished(from, epoch);
    const since = sinceOf(trees);
    try {
      const admit = await this.#admission(from, epoch);
      const input = { manifest, policies: this.policies, since, weighedBy: policy.document, admit };
      const stores = { manifests: this.manifests, objections: this.objections };
      const { totals, objections } = await readWindow(stores, input);
      let count = 0;
      for (const tree of trees) {
        const begun = performance.now();
        const input = { manifest, policy, objections, totals: totals[tree.side] };
        const fault = this.#faultBefore(tree);
        const folded = fault
          ? undefined
          : await foldSide(this.tools, input, { cohortsAtOnce: this.threads + 1 }, () => undefined);
        if (folded && sameBytes(folded.root, tree.root)) count += await this.#sign(tree, folded, performance.now() - begun);
        else this.#refuse(tree, fault ?? differenceOf(tree, folded as FoldedSide));
      }
      return count;
    } catch (error) {
      if (!(error instanceof WindowRefused)) throw error;
      refuse('window');
      return 0;
    }
  }

  /** What the trees weigh by; undefined for a shadow that people have not approved as it stands there. */
  #policyOf({ policy, shadow }: StoredTree, { policyDigest }: SignedManifest, live: PolicyDocument): WeighingPolicy | undefined {
    if (policy === 'live') return { kind: 'live', digest: policyDigest, document: live };
    const approved = shadow && approvedShadowPolicy(shadow, live, this.policies.people);
    return approved ? { kind: 'shadow', ...approved } : undefined;
  }

  /**
   * Lets a manifest pass only as it was inspected; throws at the end of the window when an inspected one is not there any more. One from
   * before the window, of a signal that was released late, may be older than this witness: then the correlator's signature has to do.
   */
  async #admission(from: number, to: number): Promise<(manifest: SignedManifest) => void> {
    const inspected = await this.memory.inspected(1, to);
    const present = new Set((await this.manifests.between(from, to)).map(({ epoch }) => epoch));
    for (const epoch of inspected.keys()) if (epoch >= from && !present.has(epoch)) throw new WindowRefused('altered', epoch);
    return (manifest) => {
      const { epoch, root, policyDigest, closedDay } = manifest;
      const own = inspected.get(epoch);
      if (!own && epoch < from && this.#isSigned(manifestMessage(manifest), manifest.signature)) return;
      const same = own && sameBytes(own.root, root) && sameBytes(own.policyDigest, policyDigest) && own.closedDay === closedDay;
      if (!same) throw new WindowRefused('altered', epoch);
    };
  }

  #faultBefore(tree: StoredTree): TreeFault | undefined {
    if (!this.#isSigned(attestationMessage(tree, tree.root), tree.signature)) return 'signature';
    return tree.header.since < tree.epoch ? undefined : 'since';
  }

  #isSigned(message: Uint8Array, signature: Uint8Array): boolean {
    return [...this.correlator.keys()].some((id) => isSignedBy(this.correlator, id, message, signature));
  }

  async #sign(tree: StoredTree, { pairs }: FoldedSide, ms: number): Promise<number> {
    const { epoch, side, policy, root } = tree;
    const signature = this.key.sign(attestationMessage(tree, root));
    const stands = await this.trees.attest(tree, { witness: this.id, root, signature });
    if (!sameBytes(stands.root, root)) return 0;
    this.pause.end(keyOf(tree));
    this.metrics.attestation(side);
    this.events.emit('side-attested', { epoch, side, policy, pairs, ms: Math.round(ms) });
    return 1;
  }

  #refuse(tree: StoredTree, fault: TreeFault): void {
    const { epoch, side, policy } = tree;
    this.pause.begin(keyOf(tree));
    this.metrics.alarm(fault);
    this.events.emit('tree-refused', { epoch, side, policy, fault });
  }

  async #tellVanished(from: number, epoch: number): Promise<void> {
    const count = await this.memory.vanished(from, epoch);
    if (count === 0) return;
    this.metrics.alarm('sets-vanished');
    this.events.emit('sets-vanished', { epoch, count });
  }
}

/** Of one epoch and one policy. */
type OpenTrees = [StoredTree, ...StoredTree[]];

const keyOf = ({ epoch, side, policy, root }: StoredTree): string => `${epoch} ${side} ${policy} ${toText(root)}`;

/** `selectors`: other selectors were folded, perhaps stored or removed just then. The rest should never differ. */
function differenceOf(tree: StoredTree, own: FoldedSide): TreeFault {
  if (tree.header.selectors !== own.header.selectors) return 'selectors';
  const { leaves: _, ...header } = own.header;
  return Object.entries(header).some(([name, value]) => tree.header[name as keyof typeof header] !== value)
    ? 'header'
    : 'tallies';
}
