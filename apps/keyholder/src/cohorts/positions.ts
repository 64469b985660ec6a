/**
 * The book of cohorts and the transaction that changes it, always together: nothing is remembered that was not committed, and a
 * book from before a lost connection is not trusted.
 */
import { Inject, Injectable } from '@nestjs/common';
import { Writer } from '../database/writer.js';
import type { Transaction } from '../database/writer.js';
import { EVENTS } from '../events.js';
import type { KeyholderEvents } from '../events.js';
import { CohortBook } from './cohort-book.js';
import type { CohortSizes } from './cohort-rules.js';
import { loadCohorts, saveCohorts } from './cohorts.repository.js';

/** Injection token of CohortSizes. */
export const COHORT_SIZES = Symbol('cohort sizes');

@Injectable()
export class Positions {
  private book: CohortBook | undefined;
  private generation = -1;

  constructor(
    private readonly writer: Writer,
    @Inject(COHORT_SIZES) private readonly sizes: CohortSizes,
    @Inject(EVENTS) private readonly events: KeyholderEvents,
  ) {}

  /** Runs `work` in one transaction with the book; what it changes in the book is written at its end. */
  async change<T>(work: (transaction: Transaction, book: CohortBook) => Promise<T>): Promise<T> {
    try {
      return await this.writer.transaction(async (transaction) => {
        const book = await this.currentBook(transaction);
        const result = await work(transaction, book);
        await this.save(transaction, book);
        return result;
      });
    } catch (error) {
      this.book = undefined;
      throw error;
    }
  }

  /**
   * In a transaction of somebody else's, after a key epoch has begun in it: its first cohorts. Whether that transaction ends well or not, the
   * book is read again afterwards.
   */
  async startOver(transaction: Transaction): Promise<void> {
    this.book = undefined;
    await this.save(transaction, await this.currentBook(transaction));
    this.book = undefined;
  }

  private async currentBook(transaction: Transaction): Promise<CohortBook> {
    if (this.book && this.generation === this.writer.generation) return this.book;
    const book = new CohortBook(this.sizes, await loadCohorts(transaction));
    this.book = book;
    this.generation = this.writer.generation;
    this.events.emit('positions-loaded', book.size);
    return book;
  }

  private async save(transaction: Transaction, book: CohortBook): Promise<void> {
    const changes = book.takeChanges();
    await saveCohorts(transaction, changes, book.keyEpoch);
    if (changes.opened.length > 0) this.events.emit('cohorts-opened', { cohorts: changes.opened.length });
    if (changes.closed.length > 0) this.events.emit('cohorts-closed', { cohorts: changes.closed.length });
  }
}
