/**
 * Counts about the one shadow policy: how many accounts would cross. One that only has other thresholds is evaluated at each decision, on the
 * sums that are decided about, in the decision's own transaction; one that has other sums, on attested tallies of its own. Once per epoch and
 * side, or never. A report spends its ε first; when the period's budget is spent there is none, and in the period that a generation began in
 * it is: what the state that was lost has told, nobody knows. Nothing else leaves.
 */
import { Inject, Injectable } from '@nestjs/common';
import { periodOf, sameBytes, type ApprovedShadow, type ShadowAnswer, type Side } from '#contracts';
import { Clock } from '#platform';
import { changedSides, needsOwnTallies, policyDigest, shadowDocument, trimOf, type Trim } from '#policy';
import { AuditLog } from '../audit/audit-log.js';
import { Writer, type Transaction } from '../database/writer.js';
import type { DecidingPolicy } from '../decisions/checks/admission.js';
import { decidedFloor, knownTree, lastDecided } from '../decisions/decisions.repository.js';
import { Generation } from '../generation/generation.js';
import { systemDraw } from './geometric-noise.js';
import { crossingCounts, noisyCounts } from './noisy-counts.js';
import { addReport, endShadow, isReported, readShadow, reports, spend, spentIn, type Shadow } from './shadow.repository.js';

export interface ShadowBudget {
  /** ε of all reports in a period of 30 days */
  readonly shadowBudget: number;
  /** ε of one report, in hundredths */
  readonly shadowEpsilon: number;
}
/** Injection token. */
export const SHADOW_BUDGET = Symbol('shadow budget');

const mostReports = 100;

/** What is counted: one row of scores per account. */
interface CountedScores {
  readonly epoch: number;
  readonly side: Side;
  readonly scores: Iterable<ArrayLike<number>>;
}

@Injectable()
export class ShadowReports {
  constructor(
    private readonly writer: Writer,
    private readonly log: AuditLog,
    private readonly clock: Clock,
    private readonly generation: Generation,
    @Inject(SHADOW_BUDGET) private readonly budget: ShadowBudget,
  ) {}

  /** ε of one report. */
  get epsilon(): number {
    return this.budget.shadowEpsilon / 100;
  }

  /** At a decision. @param counted what was compared with the live threshold */
  async report(transaction: Transaction, live: DecidingPolicy, counted: CountedScores): Promise<void> {
    const shadow = await this.current(transaction, live);
    const parameters = shadow?.approved.request.parameters;
    if (!parameters || needsOwnTallies(parameters)) return;
    const { epoch, side } = counted;
    if (!changedSides(live.document, parameters).includes(side)) return;
    const trim = trimOf(shadowDocument(live.document, parameters), side);
    if (!(await this.tell(transaction, { ...counted, version: parameters.version, trim }))) return;
    await this.log.note(transaction, { type: 'shadow', epoch, side, version: parameters.version, epsilon: this.epsilon });
  }

  /** The shadow that needs tallies of its own, when there is one. */
  async own(
    transaction: Transaction,
    live: DecidingPolicy,
  ): Promise<{ approved: ApprovedShadow; policy: DecidingPolicy } | undefined> {
    const shadow = await this.current(transaction, live);
    if (!shadow || !needsOwnTallies(shadow.approved.request.parameters)) return undefined;
    const document = shadowDocument(live.document, shadow.approved.request.parameters);
    return { approved: shadow.approved, policy: { version: document.version, digest: policyDigest(document), document } };
  }

  /** Sides whose last decided epoch waits for a tally by the shadow. */
  async due(transaction: Transaction, live: DecidingPolicy): Promise<{ approved: ApprovedShadow; due: Side[] } | null> {
    const shadow = await this.own(transaction, live);
    if (!shadow) return null;
    const due: Side[] = [];
    if (await this.canTell(transaction)) {
      for (const side of changedSides(live.document, shadow.approved.request.parameters)) {
        const epoch = await this.countableEpoch(transaction, side);
        if (epoch !== undefined && !(await isReported(transaction, epoch, side))) due.push(side);
      }
    }
    return { approved: shadow.approved, due };
  }

  /**
   * The one epoch that a shadow may be counted about on tallies of its own: the last that was decided, unless people have named it after a
   * restore, because then it may have been counted about before.
   */
  async countableEpoch(transaction: Transaction, side: Side): Promise<number | undefined> {
    const epoch = await lastDecided(transaction, side);
    if (epoch <= (await decidedFloor(transaction))) return undefined;
    return (await knownTree(transaction, epoch, side))?.outcome === 'decided' ? epoch : undefined;
  }

  /** Is the ε of one more report left? */
  async canTell(transaction: Transaction): Promise<boolean> {
    const { spent } = await this.spending(transaction);
    return spent + this.budget.shadowEpsilon <= this.limit;
  }

  /** @returns false when the budget does not have it, and nothing is told */
  async tell(
    transaction: Transaction,
    { epoch, side, version, trim, scores }: CountedScores & { readonly version: number; readonly trim: Trim },
  ): Promise<boolean> {
    if (this.isPeriodOfBefore()) return false;
    if (!(await spend(transaction, periodOf(this.clock.today()), this.budget.shadowEpsilon, this.limit))) return false;
    const counts = noisyCounts(crossingCounts(scores, trim), this.epsilon, systemDraw);
    await addReport(transaction, { epoch, side, version, counts });
    return true;
  }

  read(): Promise<ShadowAnswer> {
    return this.writer.transaction(async (transaction) => {
      const shadow = await readShadow(transaction);
      const { period, spent } = await this.spending(transaction);
      const { shadowBudget } = this.budget;
      return {
        shadow: shadow ? { ...shadow.approved.request.parameters, request: shadow.request } : null,
        budget: { period, spent: spent / 100, limit: shadowBudget, perReport: this.epsilon },
        reports: await reports(transaction, mostReports),
      };
    });
  }

  /** Hundredths of ε. */
  private get limit(): number {
    return this.budget.shadowBudget * 100;
  }

  private async spending(transaction: Transaction): Promise<{ period: number; spent: number }> {
    const { period, spent } = await spentIn(transaction, periodOf(this.clock.today()));
    return { period, spent: this.isPeriodOfBefore() ? Math.max(spent, this.limit) : spent };
  }

  /** Does the present period reach back to before this generation? */
  private isPeriodOfBefore(): boolean {
    const { number, day } = this.generation;
    return number > 1 && periodOf(this.clock.today()) <= periodOf(day);
  }

  /** Ends it when another policy is live: what it differed from is gone, and with it what was approved. */
  private async current(transaction: Transaction, live: DecidingPolicy): Promise<Shadow | undefined> {
    const shadow = await readShadow(transaction);
    if (!shadow || sameBytes(shadow.base, live.digest)) return shadow;
    await endShadow(transaction);
    return undefined;
  }
}
