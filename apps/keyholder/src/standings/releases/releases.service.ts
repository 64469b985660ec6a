/**
 * Brings standings in force and fills the registrar's batches: after every decision and act, and once a second for what waits for its
 * day. Running it twice changes nothing.
 */
import { Inject, Injectable, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { Clock, Repeated } from '#platform';
import { AuditLog } from '../../audit/audit-log.js';
import { FollowedPolicy } from '../../audit/followed-policy.js';
import { Writer } from '../../database/writer.js';
import { EVENTS, type KeyholderEvents } from '../../events.js';
import { makeForce, putInForce } from '../standings.repository.js';
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
    await this.writer.transaction(async (transaction) => {
      const { document } = await this.policy.live(transaction);
      const plan = releasePlan(await releaseFacts(transaction, this.clock.today()), document.release);
      if (plan.force) {
        const number = await makeForce(transaction, this.clock.now());
        await putInForce(transaction, number);
        await this.log.note(transaction, { type: 'force', number });
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
    });
  }

  after(number: number): Promise<ReleaseBatch[]> {
    return this.writer.transaction((transaction) => batchesAfter(transaction, number));
  }
}
