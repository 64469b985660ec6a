/**
 * Turns the scores of an opened tree into standings, baselines or positive flags, and writes them together with the tree and the word
 * of the log that it is done: one transaction, all or nothing. Scores end here.
 */
import { Injectable } from '@nestjs/common';
import { Clock, shuffled } from '#platform';
import { trimOf } from '#policy';
import type { DecisionHeader } from '#tallies';
import { AuditLog } from '../audit/audit-log.js';
import type { Transaction } from '../database/writer.js';
import { KeyholderKeys } from '../keys/keyholder-keys.js';
import { ShadowReports } from '../shadow/shadow-reports.service.js';
import { back, blindHandles, suspend } from '../standings/standings.repository.js';
import { decidedStandings } from '../standings/undo/undo.repository.js';
import type { DecidingPolicy } from './checks/admission.js';
import type { AttestedTree } from './checks/attestation.js';
import { saveTree } from './decisions.repository.js';
import { dropBaselines, readBaselines, saveBaselines, setCommended } from './scores/scores.repository.js';
import { openBaseline, sealBaseline, type Baseline } from './scores/baseline.js';
import { countedScores, evaluate } from './scores/evaluate.js';
import type { HandleSums } from './scores/handle-sums.js';
import { crosses } from './trimmed-sum.js';

export interface OpenedTree {
  readonly submitted: DecisionHeader;
  readonly attested: AttestedTree;
  readonly policy: DecidingPolicy;
  readonly sums: HandleSums;
}

const latin1 = (handle: string): Buffer => Buffer.from(handle, 'latin1');

function* second<T>(pairs: Iterable<readonly [unknown, T]>): Generator<T> {
  for (const [, value] of pairs) yield value;
}

@Injectable()
export class Settlement {
  constructor(
    private readonly keys: KeyholderKeys,
    private readonly log: AuditLog,
    private readonly clock: Clock,
    private readonly shadows: ShadowReports,
  ) {}

  /** @param announced index of the decision in the log */
  async settle(transaction: Transaction, tree: OpenedTree, announced: number): Promise<void> {
    const { submitted, attested, policy } = tree;
    const { epoch, side } = submitted.header;
    let suspended = 0;
    if (side === 'negative') suspended = await this.suspendAll(transaction, tree);
    else await this.commendAll(transaction, tree);
    const { version: policyVersion } = policy;
    await saveTree(transaction, { epoch, side, root: attested.root, outcome: 'decided', policyVersion, suspended });
    await this.log.complete(transaction, announced);
  }

  /** @returns how many accounts it suspended by itself */
  private async suspendAll(transaction: Transaction, { submitted, policy, sums }: OpenedTree): Promise<number> {
    const { epoch } = submitted.header;
    const day = this.clock.today();
    const blind = new Set((await blindHandles(transaction)).map((handle) => handle.toString('latin1')));
    const baselines = await this.openBaselines(transaction, sums.operators);
    const { crossed, backed, baselines: next } = evaluate({ sums, trim: trimOf(policy.document, 'negative'), baselines, blind });
    const counted = countedScores({ sums, baselines });
    await this.shadows.report(transaction, policy, { epoch, side: 'negative', scores: second(counted) });
    await suspend(transaction, shuffled(crossed.map(latin1)), epoch, day);
    await back(transaction, backed.map(latin1), day, epoch);
    await saveBaselines(transaction, this.sealAll(next), epoch);
    await dropBaselines(transaction, epoch - policy.document.windowEpochs);
    return (await decidedStandings(transaction, epoch)).whole.length;
  }

  private async commendAll(transaction: Transaction, { submitted, policy, sums }: OpenedTree): Promise<void> {
    const trim = trimOf(policy.document, 'positive');
    const commended = [...sums.entries()].filter(([, scores]) => crosses(scores, trim)).map(([handle]) => latin1(handle));
    const { epoch } = submitted.header;
    await this.shadows.report(transaction, policy, { epoch, side: 'positive', scores: second(sums.entries()) });
    await setCommended(transaction, commended);
  }

  private async openBaselines(
    transaction: Transaction,
    operators: readonly string[],
  ): Promise<Map<string, Baseline | 'pending'>> {
    const key = this.keys.baselineKey();
    const rows = await readBaselines(transaction);
    return new Map(
      rows.map(({ handle, sealed, pending }) => [
        handle.toString('latin1'),
        pending ? 'pending' : openBaseline(key, handle, sealed, operators),
      ]),
    );
  }

  private sealAll(baselines: ReadonlyMap<string, Baseline>): { handle: Uint8Array; sealed: Uint8Array }[] {
    const key = this.keys.baselineKey();
    return [...baselines].map(([handle, baseline]) => ({
      handle: latin1(handle),
      sealed: sealBaseline(key, latin1(handle), baseline),
    }));
  }
}
