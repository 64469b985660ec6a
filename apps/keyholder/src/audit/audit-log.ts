/**
 * The key holder's log: signed rows, each over the hash of the one before it, written in the transaction of the act itself, so that
 * there is no act without its row. `verifyAudit` of libs/policy checks it.
 */
import { Injectable } from '@nestjs/common';
import { canonicalBytes, labels } from '#contracts';
import { Clock } from '#platform';
import { auditHash, auditStart, type AuditEntry } from '#policy';
import { Writer, type Transaction } from '../database/writer.js';
import { KeyholderKeys } from '../keys/keyholder-keys.js';
import type { AuditBody } from './audit-body.js';
import { entriesAfter, insertEntry, lastEntry } from './audit.repository.js';

@Injectable()
export class AuditLog {
  constructor(
    private readonly writer: Writer,
    private readonly keys: KeyholderKeys,
    private readonly clock: Clock,
  ) {}

  /** The writer runs one transaction at a time, so the row before is the last one there will be. */
  async append(transaction: Transaction, body: AuditBody): Promise<void> {
    const last = await lastEntry(transaction);
    const sequence = (last?.sequence ?? 0) + 1;
    const previous = last ? auditHash(last) : auditStart;
    const dated = { ...body, day: this.clock.today() };
    const signature = this.keys.sign(labels.audit, sequence, previous, canonicalBytes(dated));
    await insertEntry(transaction, { sequence, previous, body: dated, signature });
  }

  /** A row that goes with no other change. */
  record(body: AuditBody): Promise<void> {
    return this.writer.transaction((transaction) => this.append(transaction, body));
  }

  after(sequence: number): Promise<AuditEntry[]> {
    return this.writer.transaction((transaction) => entriesAfter(transaction, sequence));
  }
}
