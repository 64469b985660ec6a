/**
 * Seals by an operator's signed statement, used once, and writes both into the log: that the secrets were opened, and that they were
 * shut. The process itself is replaced by `main.ts`, so that no byte of a key stays in memory. When the database is away there is
 * nothing to seal by: end the process, and it comes back sealed.
 */
import { Inject, Injectable } from '@nestjs/common';
import { Problem, toBase64Url } from '#contracts';
import type { SealStatement } from '#contracts';
import { PolicyStore } from '#policy';
import { refused } from '../../answers/refusal.js';
import { AuditLog } from '../../audit/audit-log.js';
import { RefusalCounts } from '../../audit/refusal-counts.js';
import { Writer } from '../../database/writer.js';
import { Generation } from '../../generation/generation.js';
import { useStatement } from '../../standings/acts/acts.repository.js';
import { isOperatorsStatement, statementDigest } from '../../standings/acts/statement-check.js';
import type { Unsealed } from '../share-collector.js';

/** Injection token: how this process was unsealed. */
export const UNSEALED = Symbol('unsealed');

@Injectable()
export class Sealing {
  /** Resolves when the process must be sealed. */
  readonly asked: Promise<void>;
  private ask!: () => void;

  constructor(
    private readonly writer: Writer,
    private readonly policies: PolicyStore,
    private readonly log: AuditLog,
    private readonly refusals: RefusalCounts,
    private readonly generation: Generation,
    @Inject(UNSEALED) private readonly unsealed: Unsealed,
  ) {
    this.asked = new Promise((resolve) => (this.ask = resolve));
  }

  /** Before anything is served. */
  noteUnsealed(): Promise<void> {
    const { ceremony, mode, shares } = this.unsealed;
    return this.log.record({ type: 'unsealed', ceremony, mode, shares });
  }

  /** @param signature base64url. @throws Problem answer-refused, or not-permitted where sealing would not last */
  async seal(statement: SealStatement, signature: string): Promise<void> {
    const isUsable = !this.generation.isOfBefore(statement.day); // of before a restore it may have been used
    if (!isUsable || !isOperatorsStatement(this.policies.people.newest, statement, signature)) {
      await this.refusals.note('statement');
      throw refused();
    }
    if (this.unsealed.mode === 'auto') {
      throw new Problem('not-permitted', {
        detail: 'this key holder unseals itself from a local file: sealing it would not last',
      });
    }
    if (!(await this.take(statement))) {
      await this.refusals.note('statement');
      throw refused();
    }
    this.ask();
  }

  private take(statement: SealStatement): Promise<boolean> {
    const digest = statementDigest(statement);
    return this.writer.transaction(async (transaction) => {
      if ((await useStatement(transaction, statement.id, digest)) !== 'new') return false;
      await this.log.note(transaction, { type: 'sealed', by: statement.by, statement: toBase64Url(digest) });
      return true;
    });
  }
}
