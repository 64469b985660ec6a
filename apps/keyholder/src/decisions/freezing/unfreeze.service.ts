/** Ends a freeze by an operator's signed statement, used once (issue 2: one operator's, for now; protocol.md §5 asks for a quorum). */
import { Inject, Injectable } from '@nestjs/common';
import { toBase64Url, type UnfreezeStatement } from '#contracts';
import { PolicyStore } from '#policy';
import { refused } from '../../answers/refusal.js';
import { AuditLog } from '../../audit/audit-log.js';
import { RefusalCounts } from '../../audit/refusal-counts.js';
import { setFrozen } from '../../audit/state.repository.js';
import { Writer } from '../../database/writer.js';
import { EVENTS, type KeyholderEvents } from '../../events.js';
import { useStatement } from '../../standings/acts/acts.repository.js';
import { isStatementBy, statementDigest } from '../../standings/acts/statement-check.js';

@Injectable()
export class Unfreeze {
  constructor(
    private readonly writer: Writer,
    private readonly policies: PolicyStore,
    private readonly log: AuditLog,
    private readonly refusals: RefusalCounts,
    @Inject(EVENTS) private readonly events: KeyholderEvents,
  ) {}

  /** @param signature base64url. @throws Problem answer-refused */
  async unfreeze(statement: UnfreezeStatement, signature: string): Promise<void> {
    const key = this.policies.operators.keys.get(statement.by);
    const digest = statementDigest(statement);
    const taken = key !== undefined && isStatementBy(key, statement, signature) && (await this.take(statement, digest));
    if (!taken) {
      await this.refusals.note('statement');
      throw refused();
    }
    this.events.emit('decisions-unfrozen', {});
  }

  private take(statement: UnfreezeStatement, digest: Uint8Array): Promise<boolean> {
    return this.writer.transaction(async (transaction) => {
      if ((await useStatement(transaction, statement.id, digest)) !== 'new') return false;
      await setFrozen(transaction, false);
      await this.log.append(transaction, { type: 'unfrozen', by: statement.by, statement: toBase64Url(digest) });
      return true;
    });
  }
}
