/**
 * Refusals in the log, as counts: the first of a burst at once, what follows within a minute in one row. A flood of bad requests must
 * show, and must not fill the database.
 */
import { Inject, Injectable, type BeforeApplicationShutdown } from '@nestjs/common';
import { EVENTS, type KeyholderEvents } from '../events.js';
import type { RefusalKind } from './audit-body.js';
import { AuditLog } from './audit-log.js';

const burstMs = 60_000;

@Injectable()
export class RefusalCounts implements BeforeApplicationShutdown {
  private counts: Partial<Record<RefusalKind, number>> = {};
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly log: AuditLog,
    @Inject(EVENTS) private readonly events: KeyholderEvents,
  ) {}

  /** Resolves when the refusal is in the log, or counted for the row that ends the burst. */
  async note(kind: RefusalKind): Promise<void> {
    this.counts[kind] = (this.counts[kind] ?? 0) + 1;
    if (this.timer) return;
    this.timer = setTimeout(() => void this.endBurst(), burstMs);
    this.timer.unref();
    await this.write();
  }

  /** Writes what is counted. A failure keeps the counts for the next time. */
  async write(): Promise<void> {
    const counts = this.counts;
    if (Object.keys(counts).length === 0) return;
    this.counts = {};
    try {
      await this.log.record({ type: 'refused', counts });
    } catch (error) {
      for (const [kind, count] of Object.entries(counts))
        this.counts[kind as RefusalKind] = (this.counts[kind as RefusalKind] ?? 0) + count;
      this.events.emit('upkeep-failed', {}, error);
    }
  }

  async beforeApplicationShutdown(): Promise<void> {
    clearTimeout(this.timer);
    await this.write();
  }

  private async endBurst(): Promise<void> {
    this.timer = undefined;
    await this.write();
  }
}
