/** The co-suspension attacker against the defaults, without delays, and with the status lists alone. */
import { defaultPolicy } from '#policy';
import { SeededRandom } from '../../scenario/random.js';
import { bayesFactor, seenAt } from './bayes-factor.js';
import type { Force } from './bayes-factor.js';
import { suspend } from './co-suspension.js';
import { linkAdvantage } from './link-advantage.js';
import type { Linked } from './link-advantage.js';

/** Decided epochs, a day each. */
export const epochs = 60;
/** Of a provider with some hundred thousand accounts: a little more than a release batch each day. */
const crossingsPerEpoch = 12;
/** Default of NYMS_STATUS_PUBLISH_SECONDS. */
const publishSeconds = 21_600;

/** What is seen of ends: `streams` to the tick, which the lists add nothing to; `lists` to the publication. */
export interface Attack {
  readonly delays: 'default' | 'none';
  readonly sees: 'streams' | 'lists';
  readonly crossings?: number;
}

export function playAttack({ delays: which, sees, crossings = crossingsPerEpoch }: Attack, seed: number): Linked {
  const policy = defaultPolicy({ domain: 'provider.example', audience: 'https://provider.example' });
  const { tickSeconds } = policy.revocation;
  const delays = which === 'default' ? policy.revocation : undefined;
  const random = new SeededRandom(seed);
  const suspended = suspend({ policy, delays, tickSeconds, epochs, crossings }, random);
  const grain = sees === 'streams' ? 1 : publishSeconds / tickSeconds;
  const forces: Force[] = [...Map.groupBy(suspended, ({ forceAt }) => forceAt)].map(([at, own]) => ({
    at,
    share: own.length / suspended.length,
  }));
  return linkAdvantage(
    {
      one: suspended.map(({ endsAtOne }) => seenAt(endsAtOne, grain)),
      other: suspended.map(({ endsAtOther }) => seenAt(endsAtOther, grain)),
    },
    bayesFactor({ forces, delays, grain }),
    random,
  );
}
