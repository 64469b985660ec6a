/**
 * From the scores of a tree by a shadow policy to noisy counts, and nothing else: nobody's standing changes. Accounts with a baseline are left
 * out: it is in the live policy's weights, and says nothing about others. Scores end here.
 */
import { Injectable } from '@nestjs/common';
import type { Side } from '#contracts';
import { trimOf } from '#policy';
import { AuditLog } from '../../audit/audit-log.js';
import type { Transaction } from '../../database/writer.js';
import { ShadowReports } from '../../shadow/shadow-reports.service.js';
import { readBaselines } from '../scores/scores.repository.js';
import type { HandleSums } from '../scores/handle-sums.js';
import type { OpenedTree } from '../settlement.js';

@Injectable()
export class ShadowSettlement {
  constructor(
    private readonly shadows: ShadowReports,
    private readonly log: AuditLog,
  ) {}

  /** @param announced index of the count in the log */
  async settle(transaction: Transaction, { submitted, policy, sums }: OpenedTree, announced: number): Promise<void> {
    const { epoch, side } = submitted.header;
    const leftOut = await withBaseline(transaction, side);
    const scores = scoresOf(sums, leftOut);
    await this.shadows.tell(transaction, { epoch, side, version: policy.version, trim: trimOf(policy.document, side), scores });
    await this.log.complete(transaction, announced);
  }
}

/** Handles as latin1 text. */
async function withBaseline(transaction: Transaction, side: Side): Promise<ReadonlySet<string>> {
  const rows = side === 'negative' ? await readBaselines(transaction) : [];
  return new Set(rows.map(({ handle }) => handle.toString('latin1')));
}

function* scoresOf(sums: HandleSums, leftOut: ReadonlySet<string>): Generator<Uint32Array> {
  for (const [handle, scores] of sums.entries()) if (!leftOut.has(handle)) yield scores;
}
