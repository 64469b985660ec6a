/** Closes an epoch on command and follows it through witness and key holder until it is decided. */
import { closeEpochResponse, epochState } from '#contracts';
import { setTimeout as sleep } from 'node:timers/promises';
import type { z } from 'zod';
import type { Stack } from '../stack/stack.js';

export type EpochState = z.output<typeof epochState>;

/** Longer than any epoch of the scenario takes, so that a stuck one ends the run with its state. */
const PATIENCE_MS = 90_000;

async function ask(stack: Stack, method: 'GET' | 'POST', route: string): Promise<unknown> {
  const response = await stack.client('ctl', 'correlator').request(route, { method });
  if (!response.ok) throw new Error(`the correlator answered ${response.status} to ${method} ${route}`);
  return response.json();
}

/** Closes an epoch and waits until the key holder has had it, decided or not. */
export async function closeEpoch(stack: Stack): Promise<EpochState> {
  const { epoch } = closeEpochResponse.parse(await ask(stack, 'POST', '/v1/epochs'));
  let state: EpochState | undefined;
  for (const end = performance.now() + PATIENCE_MS; performance.now() < end; await sleep(50)) {
    state = epochState.parse(await ask(stack, 'GET', `/v1/epochs/${epoch}`));
    if (state.state === 'decided' || state.state === 'waiting') return state;
  }
  throw new Error(`epoch ${epoch} is still ${state?.state ?? 'unknown'} after ${PATIENCE_MS / 1000} s`);
}

/** The same, where every epoch has enough new pseudonyms to be decided. */
export async function closeAndDecide(stack: Stack): Promise<EpochState> {
  const state = await closeEpoch(stack);
  if (state.state === 'waiting') throw new Error(`epoch ${state.epoch} was not decided: too few new pseudonyms`);
  return state;
}
