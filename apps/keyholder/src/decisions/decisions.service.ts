/**
 * Decides an epoch (protocol.md §5, §6). Every check comes before any output: the complete tree attested by pinned keys, then epoch,
 * policy, leaves and digests, then the decision is in the log and cosigned, and only then are ciphertexts opened, as they stream in. What
 * nobody attested is refused and counted; what was completely attested and is impossible freezes decisions. The same tree again gives the
 * same answer and changes nothing. Trees by a shadow policy go the same way, and end in counts.
 */
import type { Readable } from 'node:stream';
import { Inject, Injectable } from '@nestjs/common';
import type { z } from 'zod';
import { toBase64Url, type decisionOutcome, type Problem } from '#contracts';
import { parameterSet } from '#he';
import { Metrics, type CounterMetric, type HistogramMetric } from '#platform';
import { DecisionStreamRefused, readDecision, type Decision, type DecisionHeader, type TallyPolicy } from '#tallies';
import { refused } from '../answers/refusal.js';
import type { AuditFact } from '../audit/audit-body.js';
import { AuditLog } from '../audit/audit-log.js';
import { RefusalCounts } from '../audit/refusal-counts.js';
import { setFrozen } from '../audit/state.repository.js';
import { Budgets } from '../budgets/budgets.service.js';
import { Writer } from '../database/writer.js';
import { EVENTS, type KeyholderEvents } from '../events.js';
import { Generation } from '../generation/generation.js';
import { firstNumberOf } from '../generation/generation-rules.js';
import { KeyholderKeys } from '../keys/keyholder-keys.js';
import { Schemes } from '../key-epochs/schemes.js';
import { Releases } from '../standings/releases/releases.service.js';
import { Admissions } from './checks/admission.js';
import { AttesterRegistry } from './attesters/attester-registry.js';
import { attestedTree, type AttestedTree } from './checks/attestation.js';
import { holdersOf } from './decisions.repository.js';
import { OpenRefused, openTallies } from './opening/open-tallies.js';
import { ImpossibleTree, NotAdmitted, type Fault } from './freezing/refusals.js';
import { Settlement } from './settlement.js';
import { ShadowAdmissions } from './shadow/shadow-admission.js';
import { ShadowSettlement } from './shadow/shadow-settlement.js';
import { unlessIdle } from './opening/unless-idle.js';

/** A sender that is silent for so long is gone; others wait behind it. */
const idleMs = 60_000;

type Answer = z.output<typeof decisionOutcome>;
/** Seconds: from a small tree's to that of a large window. */
const openingBuckets = [0.01, 0.1, 1, 10, 60, 600];
const outcomes = { outcome: ['decided', 'waiting', 'refused', 'frozen'] } as const;

interface TreeKind {
  readonly admissions: Pick<Admissions, 'admit'>;
  readonly settlement: Pick<Settlement, 'settle'>;
}

@Injectable()
export class Decisions {
  private queue: Promise<unknown> = Promise.resolve();
  private owed: AuditFact | undefined;
  private readonly counter: CounterMetric<typeof outcomes>;
  private readonly opening: HistogramMetric<Record<never, never>>;
  /** What becomes of a tree, by the kind of policy it weighs by. */
  private readonly kinds: Readonly<Record<TallyPolicy, TreeKind>>;

  constructor(
    private readonly writer: Writer,
    private readonly keys: KeyholderKeys,
    private readonly schemes: Schemes,
    private readonly generation: Generation,
    private readonly attesters: AttesterRegistry,
    private readonly admissions: Admissions,
    settlement: Settlement,
    shadowAdmissions: ShadowAdmissions,
    shadowSettlement: ShadowSettlement,
    private readonly releases: Releases,
    private readonly budgets: Budgets,
    private readonly log: AuditLog,
    private readonly refusals: RefusalCounts,
    @Inject(EVENTS) private readonly events: KeyholderEvents,
    metrics: Metrics,
  ) {
    this.kinds = {
      live: { admissions, settlement },
      shadow: { admissions: shadowAdmissions, settlement: shadowSettlement },
    };
    this.counter = metrics.counter('nymtally_keyholder_decisions_total', 'submitted trees by outcome', outcomes);
    this.opening = metrics.histogram('nymtally_keyholder_opening_seconds', 'Opening the sums of one tree', openingBuckets);
  }

  /** One at a time. @throws Problem answer-refused, decisions-frozen or log-unavailable */
  decide(body: Readable): Promise<Answer> {
    const answer = this.queue.then(() => this.decideNow(unlessIdle(body, idleMs)));
    this.queue = answer.catch(() => undefined);
    return answer;
  }

  private async decideNow(body: AsyncIterable<Uint8Array>): Promise<Answer> {
    await this.writeFreeze();
    this.generation.requireNamed();
    const { ciphertextBytes } = parameterSet(this.keys.parameterSet);
    const decision = await readDecision(body, () => ciphertextBytes).catch((error: unknown) => this.refuse(error));
    const attested = attestedTree(decision.header, this.attesters.current.attesters);
    if (!attested) return this.refuse(new NotAdmitted('unattested'));
    try {
      const answer = await this.decideTree(decision, attested);
      this.counter.inc({ outcome: answer.outcome });
      return answer;
    } catch (error) {
      const fault = faultOf(error);
      return fault ? await this.freeze(decision.header, attested, fault) : await this.refuse(error);
    }
  }

  private async decideTree({ header: submitted, ciphertexts }: Decision, attested: AttestedTree): Promise<Answer> {
    const { epoch, side, policy: kind } = submitted.header;
    const { admissions, settlement } = this.kinds[kind];
    await this.admissions.prepare();
    const admission = await this.writer.transaction((transaction) => admissions.admit(transaction, submitted, attested));
    if (admission.outcome !== 'open') {
      await drain(ciphertexts);
      return { outcome: admission.outcome, epoch };
    }
    if (kind === 'live' && !this.budgets.takeDecision(side, attested.root)) throw new NotAdmitted('over-budget');
    const { policy, announces } = admission;
    await this.log.perform(announces, async (announced) => {
      const begun = performance.now();
      const sums = await openTallies({
        firstCohort: firstNumberOf(this.generation.number),
        tallies: submitted.tallies,
        ciphertexts,
        policy: policy.document,
        schemes: this.schemes,
        holdersOf: (cohort) => this.writer.transaction((transaction) => holdersOf(transaction, cohort)),
      });
      this.opening.observe((performance.now() - begun) / 1_000);
      const tree = { submitted, attested, policy, sums };
      await this.writer.transaction((transaction) => settlement.settle(transaction, tree, announced));
    });
    this.events.emit('tree-decided', { epoch, side, policy: kind, tallies: submitted.tallies.length });
    if (kind === 'live') await this.releases.run();
    return { outcome: 'decided', epoch };
  }

  private async freeze({ header: { epoch, side } }: DecisionHeader, { root }: AttestedTree, fault: Fault): Promise<never> {
    this.owed = { type: 'frozen', epoch, side, root: toBase64Url(root), fault };
    this.counter.inc({ outcome: 'frozen' });
    this.events.emit('decisions-frozen', { epoch, side, fault });
    await this.writeFreeze();
    throw refused();
  }

  /** A freeze that could not be written, because the log is not available, comes before the next tree. @throws Problem log-unavailable */
  private async writeFreeze(): Promise<void> {
    const { owed } = this;
    if (!owed) return;
    await this.writer.transaction(async (transaction) => {
      await setFrozen(transaction, true);
      await this.log.note(transaction, owed);
    });
    this.owed = undefined;
  }

  /** @throws the problem that goes out; what is neither a refusal nor a broken stream is a fault and passes through */
  private async refuse(error: unknown): Promise<never> {
    if (error instanceof NotAdmitted) await this.refusals.note(error.kind);
    else if (error instanceof OpenRefused) await this.refusals.note('other-ciphertext');
    else if (error instanceof DecisionStreamRefused) await this.refusals.note('malformed');
    else throw error;
    this.counter.inc({ outcome: 'refused' });
    throw refused() satisfies Problem;
  }
}

function faultOf(error: unknown): Fault | undefined {
  if (error instanceof ImpossibleTree) return error.fault;
  return error instanceof OpenRefused && error.fault !== 'other-ciphertext' ? error.fault : undefined;
}

/** The sender is still sending; what it sends is known or not wanted yet. */
async function drain(ciphertexts: AsyncIterable<Uint8Array>): Promise<void> {
  for await (const bytes of ciphertexts) void bytes;
}
