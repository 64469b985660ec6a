/**
 * Lifts every standing that the decision of an epoch made, as a reinstatement lifts one: what was revoked stays revoked, old signals never
 * suspend again, new ones do. An account that a moderator suspended as well stays suspended by that. What is told is how many the decision had
 * suspended, whatever became of each since.
 */
import { Injectable } from '@nestjs/common';
import { countAbove } from '#cases';
import { EXPIRY_WEEKS, expiryDay, periodOf } from '#contracts';
import type { RequestOf } from '#contracts';
import { Clock } from '#platform';
import { PolicyStore } from '#policy';
import type { Transaction } from '../../database/writer.js';
import { reinstate } from '../../standings/acts/account.repository.js';
import { Releases } from '../../standings/releases/releases.service.js';
import { makeForce } from '../../standings/standings.repository.js';
import { Standings } from '../../standings/standings.service.js';
import { becomeBlind, decidedCount, decidedStandings } from '../../standings/undo/undo.repository.js';
import type { Act, ActDone, Approved } from './act.js';

@Injectable()
export class UndoDecisionAct implements Act<'undo-decision'> {
  readonly type = 'undo-decision';
  readonly namesPseudonym = false;

  constructor(
    private readonly standings: Standings,
    private readonly releases: Releases,
    private readonly policies: PolicyStore,
    private readonly clock: Clock,
  ) {}

  async admits({ parameters }: RequestOf<'undo-decision'>, transaction: Transaction): Promise<boolean> {
    return (await decidedCount(transaction, parameters.epoch)) !== undefined;
  }

  async run(transaction: Transaction, { request }: Approved<'undo-decision'>): Promise<ActDone> {
    const { document } = this.policies.live();
    const day = this.clock.today();
    const { epoch } = request.parameters;
    const count = (await decidedCount(transaction, epoch)) ?? 0;
    const { whole, alsoBlind } = await decidedStandings(transaction, epoch);
    await becomeBlind(transaction, alsoBlind);
    const extraUntil = expiryDay(periodOf(day), EXPIRY_WEEKS.most);
    for (const handle of whole) {
      await reinstate(transaction, { handle, day, extra: document.limits.freePseudonyms, extraUntil });
    }
    const force = await makeForce(transaction, this.clock.now());
    const after = async () => {
      this.standings.reinstated(force);
      await this.releases.run();
    };
    return { output: { output: 'count', ...countAbove(count, document.release.batch) }, after };
  }
}
