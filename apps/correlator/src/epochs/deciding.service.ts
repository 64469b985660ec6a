/**
 * Brings attested trees to the key holder and stores what came of them. The key holder takes the same tree again after a crash and gives
 * the same answer, so a lost answer costs nothing. Trees go in order; one whose `since` no longer holds is given up, the next covers it.
 */
import { Inject, Injectable } from '@nestjs/common';
import { sameBytes } from '#contracts';
import { SigningKey } from '#platform';
import {
  attestationMessage,
  isSignedBy,
  RetryPause,
  toText,
  TreesRepository,
  writeDecision,
  type Attesters,
  type StoredTree,
} from '#tallies';
import { EVENTS, type CorrelatorEvents } from '../events.js';
import { KeyholderClient } from '../keyholder/keyholder-client.js';
import { CorrelatorMetrics } from '../metrics.js';
import { Patience } from './patience.js';

/** Injection tokens: our id among the attesters, and the pinned witnesses. */
export const CORRELATOR_ID = Symbol('correlator id');
export const WITNESSES = Symbol('pinned witnesses');

@Injectable()
export class DecidingService {
  private readonly pause = new RetryPause();

  constructor(
    @Inject(TreesRepository) private readonly trees: TreesRepository,
    @Inject(KeyholderClient) private readonly keyholder: Pick<KeyholderClient, 'parameters' | 'decide'>,
    @Inject(SigningKey) private readonly key: SigningKey,
    @Inject(CorrelatorMetrics) private readonly metrics: CorrelatorMetrics,
    @Inject(EVENTS) private readonly events: CorrelatorEvents,
    @Inject(CORRELATOR_ID) private readonly id: string,
    @Inject(WITNESSES) private readonly witnesses: Attesters,
    @Inject(Patience) private readonly patience: Patience,
  ) {}

  /** Brings every attested tree that has no outcome yet, oldest first. */
  async decideNext(): Promise<void> {
    for (const tree of await this.trees.undecided()) {
      const attestations = this.pause.isOver(keyOf(tree)) ? await this.#attestations(tree) : undefined;
      if (attestations) await this.#settle(tree, attestations);
    }
  }

  /** The witnesses' signatures over exactly this root; undefined until all of them are there. */
  async #attestations(tree: StoredTree): Promise<Array<{ id: string; signature: string }> | undefined> {
    const message = attestationMessage(tree, tree.root);
    const valid = (await this.trees.attestations(tree)).filter(
      (one) => sameBytes(one.root, tree.root) && isSignedBy(this.witnesses, one.witness, message, one.signature),
    );
    return valid.length === this.witnesses.size
      ? valid.map(({ witness, signature }) => ({ id: witness, signature: toText(signature) }))
      : undefined;
  }

  async #settle(tree: StoredTree, witnesses: Array<{ id: string; signature: string }>): Promise<void> {
    const { epoch, side, policy } = tree;
    const decided = (await this.keyholder.parameters())?.lastDecided[side];
    if (decided === undefined) return this.#later(tree, 'unreachable');
    // the tree of the last decided epoch itself may have lost its answer
    if (decided > epoch || (decided !== epoch && decided !== tree.header.since))
      return this.#giveUp(tree, decided > epoch ? 'superseded' : 'stale');
    const answer = await this.keyholder.decide(this.#body(tree, witnesses));
    if (answer === 'refused' && policy === 'shadow') return this.#giveUp(tree, 'stale'); // it has ended
    if (answer !== 'decided' && answer !== 'waiting') return this.#later(tree, answer);
    await this.trees.setOutcome(tree, answer);
    this.pause.end(keyOf(tree));
    this.#count(tree, answer);
    this.events.emit('side-decided', { epoch, side, policy, outcome: answer });
  }

  async *#body(
    tree: StoredTree,
    witnesses: Array<{ id: string; signature: string }>,
  ): AsyncGenerator<Uint8Array, void, undefined> {
    const { header, root } = tree;
    const tallies = await this.trees.tallies(tree);
    const correlator = { id: this.id, signature: toText(this.key.sign(attestationMessage(tree, root))) };
    yield* writeDecision({ header, tallies, correlator, witnesses }, this.trees.ciphertexts(tree));
  }

  async #giveUp(tree: StoredTree, reason: 'superseded' | 'stale'): Promise<void> {
    const { epoch, side, policy } = tree;
    await this.trees.setOutcome(tree, 'waiting');
    this.#count(tree, 'superseded');
    this.events.emit('side-given-up', { epoch, side, policy, reason });
  }

  #later(tree: StoredTree, reason: 'refused' | 'frozen' | 'unreachable'): void {
    const { epoch, side } = tree;
    const first = this.pause.begin(keyOf(tree));
    // an older policy, or another last epoch: only a newer tree can do better
    if (reason === 'refused') this.patience.end(side, epoch);
    if (reason !== 'unreachable') this.#count(tree, reason);
    if (first || reason !== 'unreachable') this.events.emit('decision-refused', { epoch, side, reason });
  }

  /** A shadow's trees decide nothing: they are in no figure of decisions. */
  #count({ epoch, side, policy }: StoredTree, outcome: Parameters<CorrelatorMetrics['settled']>[1]): void {
    if (policy === 'live') this.metrics.settled(side, outcome, epoch, performance.now());
  }
}

const keyOf = ({ epoch, side, policy }: StoredTree): string => `${epoch} ${side} ${policy}`;
