/**
 * Inspects manifests in their order: the correlator's signature, every SET and decision they name, the policy's floor. What cannot be
 * verified goes on the objection list, signed before the fold; a manifest that is wrong in itself is not inspected at all, so nothing is
 * decided by it, and an alarm tells.
 */
import { InjectQueue } from '@nestjs/bullmq';
import { Inject, Injectable } from '@nestjs/common';
import type { Queue } from 'bullmq';
import { manifestMessage } from '#audit';
import { queues, sameBytes, type PolicyDocument } from '#contracts';
import { Clock, SigningKey, wake } from '#platform';
import { PolicyStore } from '#policy';
import {
  isSignedBy,
  ManifestRoot,
  ManifestsRepository,
  objectionsMessage,
  objectionTo,
  setKey,
  windowStart,
  type Attesters,
  type ObjectionEntry,
  type SignedManifest,
  type StoredEntry,
} from '#tallies';
import { EVENTS, type ManifestFault, type WitnessEvents } from '../events.js';
import { WitnessMetrics } from '../metrics.js';
import { EntryVerifier, KeysAway } from './entry-verifier.js';
import { MemoryRepository, type InspectedSet } from './memory.repository.js';

/** Injection token: the pinned correlator. */
export const CORRELATOR = Symbol('pinned correlator');

/** How long a hub's keys are waited for: half an epoch, within these. */
const keyWaitMs = { least: 1_000, most: 10 * 60_000 } as const;

interface Findings {
  readonly sets: InspectedSet[];
  readonly objections: ObjectionEntry[];
}

class Refused extends Error {
  constructor(readonly fault: ManifestFault) {
    super(fault);
  }
}

@Injectable()
export class InspectingService {
  private readonly keysAwaySince = new Map<number, number>();
  private lastRefused = 0;

  constructor(
    @Inject(ManifestsRepository) private readonly manifests: ManifestsRepository,
    @Inject(MemoryRepository) private readonly memory: MemoryRepository,
    @Inject(EntryVerifier) private readonly verifier: EntryVerifier,
    @Inject(PolicyStore) private readonly policies: Pick<PolicyStore, 'byDigest'>,
    @Inject(SigningKey) private readonly key: SigningKey,
    @Inject(Clock) private readonly clock: Clock,
    @Inject(WitnessMetrics) private readonly metrics: WitnessMetrics,
    @Inject(EVENTS) private readonly events: WitnessEvents,
    @Inject(CORRELATOR) private readonly correlator: Attesters,
    @InjectQueue(queues.epochs) private readonly epochs: Pick<Queue, 'add'>,
  ) {}

  /** Inspects what was closed since the last time, oldest first; stops at what it cannot. @returns how many epochs. */
  async inspectNext(): Promise<number> {
    let count = 0;
    for (const manifest of await this.#open()) {
      if (!(await this.#inspect(manifest))) break;
      count++;
      await wake(this.epochs, 'tally', { epoch: manifest.epoch });
    }
    if (count > 0) await this.memory.noteStored();
    return count;
  }

  async hasOpenEpoch(): Promise<boolean> {
    const [newest, { inspected }] = await Promise.all([this.manifests.newestEpoch(), this.memory.state()]);
    this.metrics.epochsBehind(newest - inspected);
    return newest > inspected;
  }

  /** A witness that begins, or comes back after long, starts with the window of the newest epoch. */
  async #open(): Promise<SignedManifest[]> {
    const { inspected } = await this.memory.state();
    const newest = await this.manifests.find(await this.manifests.newestEpoch());
    if (!newest || newest.epoch <= inspected) return [];
    const policy = this.policies.byDigest(newest.policyDigest)?.document;
    const from = policy ? windowStart({ epoch: newest.epoch, policy }) : newest.epoch;
    return (await this.manifests.between(Math.max(from, inspected + 1), newest.epoch)).reverse();
  }

  async #inspect(manifest: SignedManifest): Promise<boolean> {
    const { epoch } = manifest;
    const policy = this.policies.byDigest(manifest.policyDigest);
    if (!policy) {
      this.events.emit('policy-unknown', { epoch });
      return false;
    }
    try {
      const found = await this.#findings(manifest, policy.version, policy.document);
      const signature = this.key.sign(objectionsMessage(epoch, found.objections));
      await this.memory.save({ manifest, policyVersion: policy.version, ...found, signature });
      this.#tell(manifest, found.objections);
      return true;
    } catch (error) {
      if (error instanceof KeysAway) this.events.emit('hub-keys-missing', { epoch });
      else if (error instanceof Refused) this.#alarm(epoch, error.fault);
      else throw error;
      return false;
    }
  }

  async #findings(manifest: SignedManifest, version: number, policy: PolicyDocument): Promise<Findings> {
    const { epoch, closedDay, root, size, signature } = manifest;
    if (version < (await this.memory.state()).policyVersion) throw new Refused('policy-older');
    const signed = [...this.correlator.keys()].some((id) =>
      isSignedBy(this.correlator, id, manifestMessage(manifest), signature),
    );
    if (!signed) throw new Refused('signature');
    const before = (await this.memory.inspected(epoch - 1, epoch - 1)).get(epoch - 1);
    if (closedDay > this.clock.today() + 1 || (before && closedDay < before.closedDay)) throw new Refused('closing-day');
    const found: Findings = { sets: [], objections: [] };
    const tree = new ManifestRoot();
    for await (const page of this.manifests.entries(epoch)) {
      for (const entry of page) tree.add(entry);
      await this.#verifyPage(manifest, policy, page, found);
    }
    if (tree.size !== size || !sameBytes(tree.root(), root)) throw new Refused('root');
    for (const ruling of await this.manifests.rulings(epoch)) {
      if (this.verifier.decision(ruling, policy)) continue;
      found.objections.push(objectionTo({ ...ruling, setHash: new Uint8Array() }, 'decision'));
    }
    return found;
  }

  async #verifyPage(
    { epoch }: SignedManifest,
    policy: PolicyDocument,
    page: readonly StoredEntry[],
    found: Findings,
  ): Promise<void> {
    const seen = new Map((await this.memory.seen(page)).map((one) => [setKey(one.hub, one.jti), one]));
    for (const entry of page) {
      const { hub, jti, setHash, decisionHash } = entry;
      const before = seen.get(setKey(hub, jti));
      const isOther = before !== undefined && !sameBytes(before.setHash, setHash);
      if (decisionHash) {
        // a statement names a SET by hub and jti: it must still be the SET that was verified when it arrived
        const unknown =
          before === undefined && 'objection' in (await this.#verify(epoch, policy, { ...entry, decisionHash: undefined }));
        if (isOther || unknown) found.objections.push(objectionTo(entry, 'decision'));
        continue;
      }
      if (before && before.epoch !== null && before.epoch !== epoch) throw new Refused('named-twice');
      const verdict = isOther ? ({ objection: 'altered' } as const) : await this.#verify(epoch, policy, entry);
      if ('objection' in verdict) found.objections.push(objectionTo(entry, verdict.objection));
      found.sets.push({ hub, jti, setHash, jwk: 'jwk' in verdict ? verdict.jwk : null });
    }
  }

  /** A hub whose keys stay away is objected to in the end: one hub must not stop decisions. */
  async #verify(epoch: number, policy: PolicyDocument, entry: StoredEntry): ReturnType<EntryVerifier['set']> {
    try {
      return await this.verifier.set(entry, policy);
    } catch (error) {
      if (!(error instanceof KeysAway)) throw error;
      const since = this.keysAwaySince.get(epoch) ?? performance.now();
      this.keysAwaySince.set(epoch, since);
      const patienceMs = Math.min(keyWaitMs.most, Math.max(keyWaitMs.least, policy.epochSeconds * 500));
      if (performance.now() - since < patienceMs) throw error;
      return { objection: 'unverified' };
    }
  }

  #tell({ epoch, size }: SignedManifest, objections: readonly ObjectionEntry[]): void {
    this.keysAwaySince.delete(epoch);
    this.events.emit('epoch-inspected', { epoch, entries: size, objections: objections.length });
    for (const { reason } of objections) this.metrics.objection(reason, 1);
    for (const hub of new Set(objections.map((one) => one.hub))) {
      this.events.emit('hub-objected', { epoch, hub, objections: objections.filter((one) => one.hub === hub).length });
    }
  }

  /** Once per epoch: the sweeper tries again and again. */
  #alarm(epoch: number, fault: ManifestFault): void {
    if (this.lastRefused === epoch) return;
    this.lastRefused = epoch;
    this.metrics.alarm(fault);
    this.events.emit('manifest-refused', { epoch, fault });
  }
}
