/** What ctl asks of the key holder about its seal, and the words for its state. */
import { setTimeout as sleep } from 'node:timers/promises';
import { sealState } from '#contracts';
import type { CeremonyState, SealState } from '#contracts';
import { callKeyholder } from '../command/keyholder-call.js';
import type { Session } from '../command/session.js';
import { StackError } from '../stack/stack-error.js';

const READY_MS = 120_000;
const POLL_MS = 250;

export const stateOf = (session: Session): Promise<SealState> => callKeyholder(session, '/v1/seal', sealState);

/** After the last share it opens its secrets, tests them and starts. @throws StackError */
export async function untilReady(session: Session): Promise<void> {
  const client = session.client('keyholder');
  for (const limit = performance.now() + READY_MS; performance.now() < limit; await sleep(POLL_MS)) {
    const answer = await client.request('/health/ready').catch(() => undefined);
    await answer?.drop();
    if (answer?.ok) return;
  }
  throw new StackError('the key holder was unsealed and is not ready', 'see its log; it is sealed again when it ended');
}

/** Pure. */
export function stateLines({ sealed, mode, presented, current, pending }: SealState): string[] {
  const state = sealed ? 'sealed' : 'unsealed';
  if (!current) return [`${state}; it unseals itself from a file (${mode}): for development only`];
  const missing = current.threshold - presented;
  return [
    sealed ? `${state}: ${presented} of ${current.threshold} shares presented, ${missing} missing` : state,
    ceremonyLine('ceremony', current),
    ...(pending ? [ceremonyLine('begun, not confirmed', pending)] : []),
  ];
}

const ceremonyLine = (what: string, { ceremony, threshold, commitments }: CeremonyState): string =>
  `${what}: ${ceremony}, ${threshold} of ${commitments.length} shares unseal`;
