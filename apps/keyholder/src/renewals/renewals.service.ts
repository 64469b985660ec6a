/** `renew(selector, opening, signature)`: refusals go through the same pool as what is renewed, and say nothing to anybody. */
import { Injectable } from '@nestjs/common';
import type { BeforeApplicationShutdown } from '@nestjs/common';
import { Clock, Metrics, WritePool } from '#platform';
import type { CounterMetric } from '#platform';
import { toSelectorJson } from '#pseudonyms';
import type { SelectorJson } from '#pseudonyms';
import { refused } from '../answers/refusal.js';
import { KeyholderKeys } from '../keys/keyholder-keys.js';
import { POOL } from '../minting/minting.service.js';
import { checkRenewal } from './renewal-check.js';
import type { Renewal, RenewalRequest } from './renewal-check.js';
import { RenewalLedger } from './renewal-ledger.js';
import type { RenewalResult } from './renewal-ledger.js';

const outcomes = { outcome: ['renewed', 'refused'] } as const;

@Injectable()
export class RenewalsService implements BeforeApplicationShutdown {
  private readonly pool: WritePool<Renewal | undefined, RenewalResult | undefined>;
  private readonly counter: CounterMetric<typeof outcomes>;

  constructor(
    private readonly clock: Clock,
    private readonly keys: KeyholderKeys,
    ledger: RenewalLedger,
    metrics: Metrics,
  ) {
    this.counter = metrics.counter('nymtally_keyholder_renewals_total', 'renewals by outcome', outcomes);
    this.pool = new WritePool({ ...POOL, flush: (renewals) => renewChecked(ledger, renewals) });
  }

  /** @throws Problem 'answer-refused' */
  async renew(request: RenewalRequest): Promise<SelectorJson> {
    const renewal = await checkRenewal(this.keys.pinned, request, this.clock.today());
    const result = await this.pool.add(renewal);
    this.counter.inc({ outcome: result ? 'renewed' : 'refused' });
    if (!result || !renewal) throw refused();
    const { selectorId, keyEpoch, cohort, period, expiryDay, bytes } = result;
    const { subject } = renewal.selector;
    return toSelectorJson(this.keys.signSelector({ selectorId, keyEpoch, cohort, period, expiryDay, subject, bytes }));
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.pool.drain();
  }
}

async function renewChecked(
  ledger: RenewalLedger,
  renewals: readonly (Renewal | undefined)[],
): Promise<(RenewalResult | undefined)[]> {
  const renewed = (await ledger.renew(renewals.filter((renewal) => renewal !== undefined))).values();
  return renewals.map((renewal) => renewal && renewed.next().value);
}
