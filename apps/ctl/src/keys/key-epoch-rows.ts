/** Key epochs as an operator reads them: which is in use, what still needs the others, and when they can go. */
import { isoDay, keyEpochStates } from '#contracts';
import type { KeyEpochState } from '#contracts';
import { table } from '../command/table.js';
import type { Session } from '../command/session.js';
import { callKeyholder } from '../command/keyholder-call.js';

export const keyEpochsOf = async (session: Session): Promise<KeyEpochState[]> =>
  (await callKeyholder(session, '/v1/key-epochs', keyEpochStates)).keyEpochs;

/** Pure. */
export const keyEpochTable = (states: readonly KeyEpochState[]): string =>
  table(['key epoch', 'is', 'since', 'cohorts', 'positions in use', 'secret'], states.map(rowOf));

function rowOf({ number, state, begunDay, cohorts, positions, destroyedDay, freeDay }: KeyEpochState): string[] {
  const secret = {
    'in-use': 'needed',
    'winding-down': `goes ${isoDay(freeDay ?? 0)}`,
    destroyed: `went ${isoDay(destroyedDay ?? 0)}`,
  };
  return [String(number), state, isoDay(begunDay), String(cohorts), String(positions), secret[state]];
}
