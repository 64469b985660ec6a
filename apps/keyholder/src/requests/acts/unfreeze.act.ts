/** Ends a freeze (protocol.md §5): a completely attested tally failed a check, and people have looked into it. */
import { Inject, Injectable } from '@nestjs/common';
import type { RequestOf } from '#contracts';
import { readState, setFrozen } from '../../audit/state.repository.js';
import type { Transaction } from '../../database/writer.js';
import { EVENTS, type KeyholderEvents } from '../../events.js';
import type { Act, ActDone } from './act.js';

@Injectable()
export class UnfreezeAct implements Act<'unfreeze'> {
  readonly type = 'unfreeze';
  readonly namesPseudonym = false;

  constructor(@Inject(EVENTS) private readonly events: KeyholderEvents) {}

  /** Not in advance: an approval must not lie ready for a freeze that nobody has looked into. */
  async admits(_request: RequestOf<'unfreeze'>, transaction: Transaction): Promise<boolean> {
    return (await readState(transaction)).frozen;
  }

  async run(transaction: Transaction): Promise<ActDone> {
    await setFrozen(transaction, false);
    return { output: { output: 'nothing' }, after: () => this.events.emit('decisions-unfrozen', {}) };
  }
}
