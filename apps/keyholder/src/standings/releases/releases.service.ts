/**
 * Brings standings in force and fills the registrar's batches: after every decision and act, and once a second for what waits for its
 * day. It ends terms that are over, too. Running it twice changes nothing.
 */
import { Inject, Injectable, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { Clock, Repeated } from '#platform';
import { AuditLog } from '../../audit/audit-log.js';
import { FollowedPolicy } from '../../audit/followed-policy.js';
import { Writer, type Transaction } from '../../database/writer.js';
import { EVENTS, type KeyholderEvents } from '../../events.js';
import { reinstate } from '../acts/account.repository.js';
import { Orders } from '../orders/orders.service.js';
import { makeForce, putInForce } from '../standings.repository.js';
import { Standings } from '../standings.service.js';
import { comeBack, endedTerms, forgetReturned } from '../terms.repository.js';
import { releasePlan } from './release-plan.js';
import { batchesAfter, releaseFacts, saveBatch, type ReleaseBatch } from './releases.repository.js';

const tickMs = 1_000;

@Injectable()
export class Releases implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly ticks = new Repeated(
    () => this.run(),
    (error) => this.events.emit('upkeep-failed', {}, error),
  );

  constructor(
    private readonly writer: Writer,
    private readonly policy: FollowedPolicy,
    private readonly standings: Standings,
    private readonly orders: Orders,
    private readonly log: AuditLog,
    private readonly clock: Clock,
    @Inject(EVENTS) private readonly events: KeyholderEvents,
  ) {}

  onApplicationBootstrap(): void {
    this.ticks.start(tickMs);
  }

  beforeApplicationShutdown(): Promise<void> {
    return this.ticks.stop();
  }

  async run(): Promise<void> {
    if (!this.policy.isSome) return; // before the first policy nothing was decided
    const ended = await this.writer.transaction(async (transaction) => {
      const { document } = await this.policy.live(transaction);
      const today = this.clock.today();
      const ended = await this.endTerms(transaction, today);
      const plan = releasePlan(await releaseFacts(transaction, today), document.release);
      if (plan.orders) await this.orders.carryOut(transaction, today);
      if (plan.force) {
        const number = ended ?? (await this.makeForce(transaction));
        await putInForce(transaction, number, today);
      }
      if (plan.suspend.length + plan.reinstate.length + plan.remove.length > 0) {
        const number = await saveBatch(transaction, plan);
        await this.log.note(transaction, {
          type: 'release',
          number,
          suspended: plan.suspend.length,
          reinstated: plan.reinstate.length,
          deleted: plan.remove.length,
        });
      }
      return ended;
    });
    if (ended !== undefined) this.standings.reinstated(ended);
  }

  /**
   * What is over by today ends by itself, as a reinstatement would end it: old signals do not suspend again, and the pseudonyms come back each
   * at a time of its own. All that end on a day end together. @returns the force number they come back from, if any do
   */
  private async endTerms(transaction: Transaction, day: number): Promise<number | undefined> {
    const { handles, marks } = await endedTerms(transaction, day);
    await forgetReturned(transaction, day);
    if (handles.length + marks.length === 0) return undefined;
    const force = await this.makeForce(transaction);
    for (const handle of handles) await reinstate(transaction, { handle, day, extra: 0, extraUntil: 0 });
    await comeBack(transaction, marks, force);
    return force;
  }

  private async makeForce(transaction: Transaction): Promise<number> {
    const number = await makeForce(transaction, this.clock.now());
    await this.log.note(transaction, { type: 'force', number });
    return number;
  }

  after(number: number): Promise<ReleaseBatch[]> {
    return this.writer.transaction((transaction) => batchesAfter(transaction, number));
  }
}
