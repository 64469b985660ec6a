/** Enforcement, put together from its plain parts. */
import type { Provider } from '@nestjs/common';
import pg from 'pg';
import { Clock } from '#platform';
import { PolicyStore } from '#policy';
import { EVENTS } from '../events.js';
import type { NymsEvents } from '../events.js';
import { KeyholderClient } from '../keyholder/keyholder-client.js';
import { NymsMetrics } from '../metrics.js';
import { Enforcement } from './enforcement.js';
import { EnforcementTicker } from './enforcement-ticker.js';
import { RevocationsRepository } from './revocations.repository.js';
import { SelectorSource } from './selector-source.js';
import { SelectorsReader } from './selectors.reader.js';

/** @param tickMs pause between frames; the policy's when left out */
export const enforcementProviders = (tickMs: number | undefined): Provider[] => [
  RevocationsRepository,
  {
    provide: SelectorSource,
    inject: [pg.Pool, Clock],
    useFactory: (pool: pg.Pool, clock: Clock) => new SelectorSource(new SelectorsReader(pool, clock)),
  },
  {
    provide: Enforcement,
    inject: [KeyholderClient, SelectorSource, RevocationsRepository],
    useFactory: (keyholder: KeyholderClient, source: SelectorSource, revocations: RevocationsRepository) =>
      new Enforcement(keyholder, source, revocations),
  },
  {
    provide: EnforcementTicker,
    inject: [Enforcement, NymsMetrics, EVENTS, PolicyStore],
    useFactory: (enforcement: Enforcement, metrics: NymsMetrics, events: NymsEvents, policies: PolicyStore) =>
      new EnforcementTicker(
        enforcement,
        metrics,
        events,
        () => tickMs ?? policies.live().document.revocation.tickSeconds * 1_000,
      ),
  },
];
