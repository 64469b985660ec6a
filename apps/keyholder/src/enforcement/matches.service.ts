/**
 * The match (protocol.md §7): nyms streams all its selectors, and this process keeps, for those of suspended accounts, when they end, and for
 * those whose term is over, when they come back.
 * Only selectors with this key holder's signature are opened, and no handle is kept beside a selector id.
 */
import { randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { Handle } from '#contracts';
import { Clock } from '#platform';
import { PolicyStore } from '#policy';
import { selectorFaultInBackground, type Selector } from '#pseudonyms';
import { refused } from '../answers/refusal.js';
import { RefusalCounts } from '../audit/refusal-counts.js';
import { Writer } from '../database/writer.js';
import { KeyholderKeys } from '../keys/keyholder-keys.js';
import { SlotOpener } from '../standings/slot-opener.js';
import { Standings } from '../standings/standings.service.js';
import { newestForce } from '../standings/standings.repository.js';
import { DueList, type DueFrame } from './due-list.js';
import { handlesAt, type Position } from './matches.repository.js';

@Injectable()
export class Matches {
  /** Changes with every start of the process: the list below is gone, and nyms runs its pass again. */
  readonly run = randomBytes(12).toString('base64url');
  private readonly list = new DueList();

  constructor(
    private readonly writer: Writer,
    private readonly keys: KeyholderKeys,
    private readonly slots: SlotOpener,
    private readonly standings: Standings,
    private readonly policies: PolicyStore,
    private readonly refusals: RefusalCounts,
    private readonly clock: Clock,
  ) {
    standings.onReinstated((force) => this.list.startOver(force));
  }

  /** Number of the newest force time, 0 before the first. */
  force(): Promise<number> {
    return this.writer.transaction((transaction) => newestForce(transaction));
  }

  /** @param force the number that this pass was started for; @param run of `GET /v1/force`. @throws Problem answer-refused */
  async match(selectors: readonly Selector[], force: number, run: string): Promise<void> {
    if (run !== this.run || force > (await this.force())) return this.refuse('other-run');
    const today = this.clock.today();
    // an expired one is not opened, and the key epoch that could tell whose it is may be destroyed
    const alive = selectors.filter(({ expiryDay }) => expiryDay > today);
    const faults = await Promise.all(alive.map((selector) => selectorFaultInBackground(this.keys.pinned, selector)));
    if (faults.some((fault) => fault !== undefined)) return this.refuse('selector');
    const slots = await this.slots.openAll(alive, this.policies.live().document);
    const held = alive.flatMap((selector, i) => (slots[i] === undefined ? [] : [{ selector, slot: slots[i] }]));
    await this.writer.transaction(async (transaction) => {
      const handles = await handlesAt(
        transaction,
        held.map(({ selector, slot }): Position => ({ cohort: selector.cohort, slot })),
      );
      const matched = held.map(({ selector }, i) => ({ ...selector, handle: handles[i] as Uint8Array as Handle | undefined }));
      const changes = await this.standings.changes(transaction, matched);
      matched.forEach(({ selectorId }, i) => this.list.show(selectorId, changes[i] ?? [], force));
    });
  }

  due(acknowledged: number | undefined): DueFrame {
    return this.list.frame(acknowledged, this.clock.now().getTime(), this.policies.live().document.revocation.framePerTick);
  }

  private async refuse(kind: 'selector' | 'other-run'): Promise<never> {
    await this.refusals.note(kind);
    throw refused();
  }
}
