/**
 * The key holder's log: a Merkle tree over rows that only grow (RFC 9162), whose checkpoints independent witnesses cosign. Two ways in:
 * - `note`: what happens anyway, in its own transaction, cosigned right afterwards;
 * - `announce`: an act that is about to happen. It is durable and cosigned before the act begins, or the act does not begin; afterwards
 *   a second entry says that it was completed, in the act's own transaction, or that it never happened.
 * So after a crash between the two the act happened once or never, and the log says which.
 */
import { Inject, Injectable } from '@nestjs/common';
import { leafBytes } from '#audit';
import { Problem } from '#contracts';
import { Clock, Metrics, type HistogramMetric } from '#platform';
import { Writer, type Transaction } from '../database/writer.js';
import { Generation } from '../generation/generation.js';
import type { AuditAct, AuditBody, AuditFact } from './audit-body.js';
import { Cosigner } from './cosigning/cosigner.js';
import {
  entriesFrom,
  insertEntry,
  lastDay,
  limitStatements,
  newestCheckpoint,
  nextSequence,
  openAnnouncements,
  unlimitStatements,
  type EntryRow,
} from './entries/entries.repository.js';
import { withinMs } from './cosigning/within.js';

/** How long an act may wait for its entry to be evidence. */
export interface AuditLimits {
  readonly deadlineMs: number;
}
const announceBuckets = [0.005, 0.01, 0.015, 0.025, 0.05, 0.1, 0.25, 1];
export const AUDIT_LIMITS = Symbol('audit limits');

@Injectable()
export class AuditLog {
  private readonly announced: HistogramMetric<Record<never, never>>;
  /** Days never go back in the log, whatever the clock does: order is the index. */
  private lastDay = 0;
  /** Announcements that came to nothing and are not yet said to have. */
  private readonly orphans = new Set<number>();

  constructor(
    private readonly writer: Writer,
    private readonly cosigner: Cosigner,
    private readonly generation: Generation,
    private readonly clock: Clock,
    @Inject(AUDIT_LIMITS) private readonly limits: AuditLimits,
    metrics: Metrics,
  ) {
    const help = 'from the announcement of an act until it is durable and cosigned';
    this.announced = metrics.histogram('nymtally_keyholder_log_announce_seconds', help, announceBuckets);
  }

  /** Before anything else is written: what a process before this one announced and did not complete never happened. */
  async open(): Promise<void> {
    await this.cosigner.open();
    await this.writer.transaction(async (transaction) => {
      this.lastDay = await lastDay(transaction, this.generation.number);
      for (const of of await openAnnouncements(transaction, this.generation.number))
        await this.append(transaction, { type: 'abandoned', of });
    });
    this.cosigner.begin();
  }

  /** Writes a fact in the transaction that makes it one. @throws Problem log-unavailable, and the transaction is over */
  async note(transaction: Transaction, body: AuditFact): Promise<void> {
    await this.append(transaction, body);
    this.cosigner.begin();
  }

  /** A fact that goes with no other change. */
  record(body: AuditFact): Promise<void> {
    return this.writer.transaction((transaction) => this.note(transaction, body));
  }

  /**
   * Resolves when the entry is durable and cosigned, and not before. Follow it with `complete` in the act's own transaction, or with
   * `abandon`; `perform` does both.
   * @returns its index. @throws Problem log-unavailable within the deadline: nothing may happen then
   */
  async announce(body: AuditAct): Promise<number> {
    const begun = performance.now();
    const announced = this.announceNow(body);
    try {
      const index = await withinMs(this.limits.deadlineMs, announced);
      this.announced.observe((performance.now() - begun) / 1_000);
      return index;
    } catch (error) {
      announced.then(
        (late) => this.abandon(late),
        () => undefined,
      );
      throw unavailable(error);
    }
  }

  /** In the transaction of the act itself. @throws Problem log-unavailable, and the transaction is over */
  async complete(transaction: Transaction, index: number): Promise<void> {
    if ((await this.append(transaction, { type: 'completed', of: index })) === undefined)
      throw new Error(`announcement ${index} has ended before`);
    this.cosigner.begin();
  }

  /** The act did not happen: says so, unless it was completed after all. Tried again until it is written. */
  async abandon(index: number): Promise<void> {
    this.orphans.add(index);
    await this.abandonAll();
  }

  /** Announces, acts, and abandons when the act throws. The act calls `complete` with the index in its own transaction. */
  async perform<T>(body: AuditAct, act: (index: number) => Promise<T>): Promise<T> {
    const index = await this.announce(body);
    try {
      return await act(index);
    } catch (error) {
      await this.abandon(index);
      throw error;
    }
  }

  /** What a round or a write left undone; once a second. */
  async catchUp(): Promise<void> {
    await this.abandonAll();
    if (this.cosigner.isFailing) this.cosigner.begin();
  }

  /** @param generation an earlier one, else the present */
  entriesFrom(index: number, most: number, generation = this.generation.number): Promise<EntryRow[]> {
    return this.writer.transaction((transaction) => entriesFrom(transaction, generation, index, most));
  }

  /** PATH(index) in the tree of the first `size` entries. */
  inclusionProof(index: number, size: number): Uint8Array[] {
    return this.cosigner.tree.inclusionProof(index, size);
  }

  /** The newest that is cosigned, as a note. */
  newestCheckpoint(generation = this.generation.number): Promise<string | undefined> {
    return this.writer.transaction((transaction) => newestCheckpoint(transaction, generation));
  }

  private async announceNow(body: AuditAct): Promise<number> {
    // while nothing gets cosigned, the attempt itself must not fill the log
    if (this.cosigner.isFailing) await this.cosigner.covering(this.cosigner.tree.size);
    const written = await this.writer.transaction((transaction) => this.append(transaction, body, true));
    if (!written) throw new Error('an announcement ends nothing');
    const { sequence: index, leaf } = written;
    this.cosigner.committed(index, leaf);
    try {
      await this.cosigner.covering(index + 1);
    } catch (error) {
      void this.abandon(index);
      throw error;
    }
    return index;
  }

  private async abandonAll(): Promise<void> {
    for (const of of [...this.orphans]) {
      try {
        await this.writer.transaction((transaction) => this.append(transaction, { type: 'abandoned', of }));
        this.orphans.delete(of);
        this.cosigner.begin();
      } catch {
        // the next second tries again, and a next start too
      }
    }
  }

  /** @returns what was written; undefined when the entry would end what has ended. */
  private async append(transaction: Transaction, body: AuditBody, announces = false): Promise<EntryRow | undefined> {
    try {
      await limitStatements(transaction, this.limits.deadlineMs);
      const index = await nextSequence(transaction, this.generation.number);
      if (index < this.cosigner.tree.size) throw new Error('entries have vanished');
      this.lastDay = Math.max(this.lastDay, this.clock.today());
      const leaf = leafBytes({ v: 1, index, day: this.lastDay, ...(announces && { announced: true }), ...body });
      const closes = body.type === 'completed' || body.type === 'abandoned' ? { closes: body.of } : {};
      const written = await insertEntry(transaction, this.generation.number, { sequence: index, leaf, announces, ...closes });
      await unlimitStatements(transaction);
      return written ? { sequence: index, leaf } : undefined;
    } catch (error) {
      throw unavailable(error);
    }
  }
}

const unavailable = (cause: unknown): Problem =>
  Object.assign(new Problem('log-unavailable', { retryAfterMs: 1_000 }), { cause });
