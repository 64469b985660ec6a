/**
 * Budgets of the routes, per caller's deed. In memory: a start of the process begins them anew, and a caller cannot start it. What is
 * over is refused as everything is, and counted in the log; the metric says on which route.
 */
import { Inject, Injectable } from '@nestjs/common';
import { DAY_MS, toBase64Url, type Side } from '#contracts';
import { Clock, Metrics, type CounterMetric } from '#platform';
import { PolicyStore } from '#policy';
import { refused } from '../answers/refusal.js';
import { RefusalCounts } from '../audit/refusal-counts.js';
import { Budget } from './budget.js';

/** Most of each, as settings. */
export interface BudgetSettings {
  readonly mintsPerMinute: number;
  readonly renewalsPerMinute: number;
  readonly enrolmentsPerMinute: number;
  readonly actsPerDay: number;
  readonly selectorsPerEpoch: number;
  readonly decisionsPerEpoch: number;
}
/** Injection token. */
export const BUDGET_SETTINGS = Symbol('budget settings');

const MINUTE_MS = 60_000;
const budgetNames = ['mints', 'renewals', 'enrolments', 'acts', 'selectors', 'negative-decisions', 'positive-decisions'] as const;
type BudgetName = (typeof budgetNames)[number];
const labels = { budget: budgetNames } as const;

@Injectable()
export class Budgets {
  private readonly budgets: Readonly<Record<BudgetName, Budget>>;
  /** Root of the tree that was paid for last. */
  private readonly opening = new Map<Side, string>();
  private readonly over: CounterMetric<typeof labels>;

  constructor(
    @Inject(BUDGET_SETTINGS) settings: BudgetSettings,
    private readonly policies: PolicyStore,
    private readonly clock: Clock,
    private readonly refusals: RefusalCounts,
    metrics: Metrics,
  ) {
    this.budgets = {
      mints: new Budget(settings.mintsPerMinute),
      renewals: new Budget(settings.renewalsPerMinute),
      enrolments: new Budget(settings.enrolmentsPerMinute),
      acts: new Budget(settings.actsPerDay),
      selectors: new Budget(settings.selectorsPerEpoch),
      'negative-decisions': new Budget(settings.decisionsPerEpoch),
      'positive-decisions': new Budget(settings.decisionsPerEpoch),
    };
    this.over = metrics.counter('nymtally_keyholder_over_budget_total', 'requests refused because a budget was spent', labels);
  }

  /** Of a request. @throws Problem answer-refused when there is not so much left */
  async spend(budget: 'mints' | 'renewals' | 'enrolments' | 'acts' | 'selectors', amount = 1): Promise<void> {
    if (this.take(budget, amount)) return;
    await this.refusals.note('over-budget');
    throw refused();
  }

  /** Of a tree that is about to be opened; once for one that comes again because its connection broke. The refusal is the caller's to note. */
  takeDecision(side: Side, root: Uint8Array): boolean {
    const tree = toBase64Url(root);
    if (this.opening.get(side) === tree) return true;
    if (!this.take(`${side}-decisions`, 1)) return false;
    this.opening.set(side, tree);
    return true;
  }

  private take(budget: BudgetName, amount: number): boolean {
    const taken = this.budgets[budget].take(amount, this.clock.now().getTime(), this.spanMs(budget));
    if (!taken) this.over.inc({ budget });
    return taken;
  }

  private spanMs(budget: BudgetName): number {
    if (budget === 'acts') return DAY_MS;
    const isPerMinute = budget === 'mints' || budget === 'renewals' || budget === 'enrolments';
    return isPerMinute ? MINUTE_MS : this.policies.live().document.epochSeconds * 1_000;
  }
}
