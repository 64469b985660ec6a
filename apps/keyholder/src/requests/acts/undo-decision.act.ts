/**
 * Lifts every standing that the decision of an epoch made, as a reinstatement lifts one: what was revoked stays revoked, old signals never
 * suspend again, new ones do. An account that a moderator suspended as well stays suspended by that.
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
import { becomeBlind, decidedStandings, isDecided } from '../../standings/undo/undo.repository.js';
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

  admits({ parameters }: RequestOf<'undo-decision'>, transaction: Transaction): Promise<boolean> {
    return isDecided(transaction, parameters.epoch);
  }

  async run(transaction: Transaction, { request }: Approved<'undo-decision'>): Promise<ActDone> {
    const { document } = this.policies.live();
    const day = this.clock.today();
    const { whole, alsoBlind } = await decidedStandings(transaction, request.parameters.epoch);
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
    return { output: { output: 'count', ...countAbove(whole.length, document.release.batch) }, after };
  }
}
