/**
 * Lets a key holder that began afresh go on (docs/backup.md): people name the last epoch that was ever decided, so that no ciphertext of it, or
 * of one before it, is opened a second time. Until then it mints and decides nothing.
 */
import { Injectable } from '@nestjs/common';
import type { RequestOf } from '#contracts';
import { AuditLog } from '../../audit/audit-log.js';
import type { Transaction } from '../../database/writer.js';
import { Generation } from '../../generation/generation.js';
import { decidedBefore, nameLastDecided } from '../../generation/generation.repository.js';
import type { Act, ActDone, Approved } from './act.js';

@Injectable()
export class RestoreAct implements Act<'restore'> {
  readonly type = 'restore';
  readonly namesPseudonym = false;

  constructor(
    private readonly generation: Generation,
    private readonly log: AuditLog,
  ) {}

  /** Once for each generation, and never an epoch earlier than the database itself knows. */
  async admits({ parameters }: RequestOf<'restore'>, transaction: Transaction): Promise<boolean> {
    const { number, isUnnamed } = this.generation;
    return isUnnamed && parameters.restored === number && parameters.lastDecided >= (await decidedBefore(transaction));
  }

  async run(transaction: Transaction, { request }: Approved<'restore'>): Promise<ActDone> {
    const { restored: generation, lastDecided } = request.parameters;
    await nameLastDecided(transaction, lastDecided);
    await this.log.note(transaction, { type: 'named', generation, lastDecided });
    return { output: { output: 'nothing' }, after: () => this.generation.name() };
  }
}
