/**
 * Evaluates the shadow policy at each decision, on the sums that are decided about, and writes a report in the decision's own transaction: once
 * per epoch and side, or never. A report spends its ε first; when the period's budget is spent there is none. Nothing else leaves.
 */
import { Inject, Injectable } from '@nestjs/common';
import { periodOf, sameBytes, type ShadowAnswer, type Side } from '#contracts';
import { Clock } from '#platform';
import { trimOf, type Policy } from '#policy';
import { AuditLog } from '../audit/audit-log.js';
import { Writer, type Transaction } from '../database/writer.js';
import { systemDraw } from './geometric-noise.js';
import { crossingCounts, noisyCounts } from './noisy-counts.js';
import { changes, shadowDocument } from './shadow-policy.js';
import { addReport, endShadow, readShadow, reports, spend, spentIn } from './shadow.repository.js';

export interface ShadowBudget {
  /** ε of all reports in a period of 30 days */
  readonly shadowBudget: number;
  /** ε of one report, in hundredths */
  readonly shadowEpsilon: number;
}
/** Injection token. */
export const SHADOW_BUDGET = Symbol('shadow budget');

const mostReports = 100;

export interface DecidedSums {
  readonly epoch: number;
  readonly side: Side;
  readonly policy: Policy;
  /** What was compared with the live threshold: one per account. */
  readonly scores: Iterable<ArrayLike<number>>;
}

@Injectable()
export class ShadowReports {
  constructor(
    private readonly writer: Writer,
    private readonly log: AuditLog,
    private readonly clock: Clock,
    @Inject(SHADOW_BUDGET) private readonly budget: ShadowBudget,
  ) {}

  async report(transaction: Transaction, { epoch, side, policy, scores }: DecidedSums): Promise<void> {
    const shadow = await readShadow(transaction);
    if (!shadow) return;
    // another policy is live: what it differed from is gone, and with it what was approved
    if (!sameBytes(shadow.base, policy.digest)) return endShadow(transaction);
    const { parameters } = shadow;
    if (!changes(policy.document, parameters, side)) return;
    const { shadowBudget, shadowEpsilon } = this.budget;
    if (!(await spend(transaction, periodOf(this.clock.today()), shadowEpsilon, shadowBudget * 100))) return;
    const trim = trimOf(shadowDocument(policy.document, parameters), side);
    const counts = noisyCounts(crossingCounts(scores, trim), shadowEpsilon / 100, systemDraw);
    const { version } = parameters;
    await addReport(transaction, { epoch, side, version, counts });
    await this.log.note(transaction, { type: 'shadow', epoch, side, version, epsilon: shadowEpsilon / 100 });
  }

  read(): Promise<ShadowAnswer> {
    return this.writer.transaction(async (transaction) => {
      const shadow = await readShadow(transaction);
      const { period, spent } = await spentIn(transaction, periodOf(this.clock.today()));
      const { shadowBudget, shadowEpsilon } = this.budget;
      return {
        shadow: shadow ? { ...shadow.parameters, request: shadow.request } : null,
        budget: { period, spent: spent / 100, limit: shadowBudget, perReport: shadowEpsilon / 100 },
        reports: await reports(transaction, mostReports),
      };
    });
  }
}
