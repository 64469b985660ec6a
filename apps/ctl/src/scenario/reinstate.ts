/** An operator reinstates the account behind a pseudonym, blindly, as `ctl pseudonym reinstate` does. */
import { actResponse, dayOf, pseudonymUri } from '#contracts';
import type { ActStatement } from '#contracts';
import { callService } from '../command/service-call.js';
import { signStatement } from '../command/signed.js';
import type { Stack } from '../stack/stack.js';

export async function reinstate(stack: Stack, uri: string): Promise<void> {
  const body = signStatement<ActStatement>(
    stack.keys.operators[0]!,
    { type: 'reinstate', uri: pseudonymUri.parse(uri), case: 'scenario-1', reason: 'appeal upheld' },
    dayOf(new Date()),
  );
  await callService({ service: 'nyms', url: `${stack.urls.nyms}/v1/moderation/pseudonyms`, body, answer: actResponse });
}
