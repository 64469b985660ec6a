/** Rehearses the push of one SET: the provider answers what it would make of it, and keeps nothing. */
import { dryRunAnswer, setMediaType } from '#contracts';
import type { DryRunAnswer } from '#contracts';
import { rejection } from './delivery.js';
import type { Delivery } from './delivery.js';
import { DeliveryFailed, SetRejected } from './errors.js';
import type { SignedSet } from './signed-set.js';

/** One attempt: a rehearsal can be held again. @throws SetRejected as a push would, DeliveryFailed */
export async function rehearse(
  set: SignedSet,
  { endpoint, fetch, timeoutMs }: Pick<Delivery, 'endpoint' | 'fetch' | 'timeoutMs'>,
): Promise<DryRunAnswer> {
  let status: number | undefined;
  try {
    const response = await fetch(new URL('/v1/signals/dry-run', endpoint), {
      method: 'POST',
      headers: { 'content-type': setMediaType, accept: 'application/json' },
      body: set.token,
      redirect: 'error',
      signal: AbortSignal.timeout(timeoutMs),
    });
    status = response.status;
    if (status === 400) throw await rejection(set, response);
    return dryRunAnswer.parse(await response.json());
  } catch (error) {
    if (error instanceof SetRejected) throw error;
    throw new DeliveryFailed(set.jti, status, { cause: error });
  }
}
