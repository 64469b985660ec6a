/** Correlator and witness put together by hand, without Nest and queues: a test says when each step runs, how often, and what dies. */
import { createPool, Metrics } from '#platform';
import { HubKeys } from '#signals';
import {
  ManifestsRepository,
  ObjectionsRepository,
  SelectorsRepository,
  TreesRepository,
  VerifiedSelectors,
  type FoldTools,
} from '#tallies';
import { ClosingService } from '../../apps/correlator/src/epochs/closing.service.js';
import { DecidingService } from '../../apps/correlator/src/epochs/deciding.service.js';
import { EpochReport } from '../../apps/correlator/src/epochs/epoch-report.js';
import { Patience } from '../../apps/correlator/src/epochs/patience.js';
import { PipelineService } from '../../apps/correlator/src/epochs/pipeline.service.js';
import { Retention } from '../../apps/correlator/src/epochs/retention.js';
import { ShadowTallyingService } from '../../apps/correlator/src/epochs/shadow-tallying.service.js';
import { TallyingService } from '../../apps/correlator/src/epochs/tallying.service.js';
import { TreeMaker } from '../../apps/correlator/src/epochs/tree-maker.js';
import type { CorrelatorEvents } from '../../apps/correlator/src/events.js';
import { CorrelatorMetrics } from '../../apps/correlator/src/metrics.js';
import { Rates } from '../../apps/correlator/src/rates/rates.service.js';
import { WeighingRepository } from '../../apps/correlator/src/weighing/weighing.repository.js';
import { WeighingService } from '../../apps/correlator/src/weighing/weighing.service.js';
import { AttestingService } from '../../apps/witness/src/attesting/attesting.service.js';
import type { WitnessEvents } from '../../apps/witness/src/events.js';
import { EntryVerifier } from '../../apps/witness/src/inspecting/entry-verifier.js';
import { InspectingService } from '../../apps/witness/src/inspecting/inspecting.service.js';
import { MemoryRepository } from '../../apps/witness/src/inspecting/memory.repository.js';
import { WitnessMetrics } from '../../apps/witness/src/metrics.js';
import type { TalliesWorld } from './tallies-world.js';

export interface Emitted {
  readonly name: string;
  readonly fields: Record<string, unknown>;
}

const listTo = <E>(list: Emitted[]) =>
  ({ emit: (name: string, fields: Record<string, unknown>) => list.push({ name, fields }) }) as unknown as E;
const noQueue = { add: () => Promise.resolve(undefined as never) };
const witnessesOf = (world: TalliesWorld) => new Map([['witness-1', world.witnessKey.publicKey]]);

function repositories(world: TalliesWorld, role: string) {
  const pool = createPool({ url: world.database.urlFor(role), max: 8 });
  pool.on('error', () => undefined);
  const tools: FoldTools = {
    scheme: world.scheme,
    selectors: new SelectorsRepository(pool),
    verified: new VerifiedSelectors(world.pin, 1_024),
  };
  return {
    pool,
    tools,
    manifests: new ManifestsRepository(pool),
    objections: new ObjectionsRepository(pool, witnessesOf(world)),
    trees: new TreesRepository(pool),
  };
}

/** @param patience how long trees wait for witnesses; none by default, so that a tally is made again at once. */
export function openCorrelator(world: TalliesWorld, patience = new Patience(() => Number.NaN)) {
  const { pool, tools, manifests, objections, trees } = repositories(world, 'correlator');
  const log: Emitted[] = [];
  const events = listTo<CorrelatorEvents>(log);
  const metrics = new CorrelatorMetrics(new Metrics());
  const policies = world.openPolicies();
  const key = world.correlatorKey;
  const weighing = new WeighingService(new WeighingRepository(pool), policies, metrics);
  const rates = new Rates(manifests, policies, metrics, events);
  const unwatched = { look: () => Promise.resolve([]) }; // its own test looks when it wants to
  const closing = new ClosingService(manifests, weighing, policies, key, world.clock, metrics, events, unwatched, noQueue);
  const maker = new TreeMaker(manifests, objections, trees, policies, key, metrics, events, tools, 2);
  const tallying = new TallyingService(manifests, objections, trees, policies, world.keyholder, maker, events, tools, patience);
  const shadows = new ShadowTallyingService(manifests, trees, policies, world.keyholder, maker, events);
  const deciding = new DecidingService(
    trees,
    world.keyholder,
    key,
    metrics,
    events,
    'correlator-1',
    witnessesOf(world),
    patience,
  );
  const steps = [weighing, tallying, deciding, shadows] as const;
  const pipeline = new PipelineService(pool, manifests, trees, policies, ...steps, metrics, events, noQueue);
  const retention = new Retention(manifests, trees, policies, events);
  const report = new EpochReport(manifests, objections, trees, policies);
  return {
    pool,
    log,
    manifests,
    trees,
    rates,
    weighing,
    closing,
    tallying,
    maker,
    deciding,
    pipeline,
    retention,
    report,
    close: () => pool.end(),
  };
}

export function openWitness(world: TalliesWorld, key = world.witnessKey) {
  const { pool, tools, manifests, objections, trees } = repositories(world, 'witness');
  const log: Emitted[] = [];
  const events = listTo<WitnessEvents>(log);
  const metrics = new WitnessMetrics(new Metrics());
  const policies = world.openPolicies();
  const correlator = new Map([['correlator-1', world.correlatorKey.publicKey]]);
  const memory = new MemoryRepository(pool, objections, 'witness-1');
  const verifier = new EntryVerifier(new HubKeys(), memory);
  const inspecting = new InspectingService(
    manifests,
    memory,
    verifier,
    policies,
    key,
    world.clock,
    metrics,
    events,
    correlator,
    noQueue,
  );
  const attesting = new AttestingService(
    manifests,
    objections,
    trees,
    memory,
    policies,
    key,
    metrics,
    events,
    correlator,
    'witness-1',
    tools,
    2,
    noQueue,
  );
  return { pool, log, memory, trees, inspecting, attesting, close: () => pool.end() };
}

export type Correlator = ReturnType<typeof openCorrelator>;
export type Witness = ReturnType<typeof openWitness>;

/** Closes an epoch and takes it all the way. @returns its number */
export async function runEpoch(correlator: Correlator, witness: Witness): Promise<number> {
  const { epoch } = await correlator.closing.close();
  await witness.inspecting.inspectNext();
  await correlator.pipeline.advance();
  await witness.attesting.attestNext();
  await correlator.pipeline.advance();
  return epoch;
}
