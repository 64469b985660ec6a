/**
 * nyms' intake, correlator and witness, each with its own database role, put together without Nest and queues: every wake-up is lost, so
 * what is not found in the database is lost too. Each can be told to die.
 */
import { PrismaPg } from '@prisma/adapter-pg';
import pg from 'pg';
import { PrismaClient } from '#db/nyms';
import { Metrics } from '#platform';
import type { PolicyStore } from '#policy';
import { HubKeys, SignalsRepository } from '#signals';
import { ManifestsRepository, ObjectionsRepository, SelectorsRepository, TreesRepository, VerifiedSelectors } from '#tallies';
import { ClosingService } from '../../../apps/correlator/src/epochs/closing.service.js';
import { DecidingService } from '../../../apps/correlator/src/epochs/deciding.service.js';
import { Patience } from '../../../apps/correlator/src/epochs/patience.js';
import { PipelineService } from '../../../apps/correlator/src/epochs/pipeline.service.js';
import { ShadowTallyingService } from '../../../apps/correlator/src/epochs/shadow-tallying.service.js';
import { TallyingService } from '../../../apps/correlator/src/epochs/tallying.service.js';
import { TreeMaker } from '../../../apps/correlator/src/epochs/tree-maker.js';
import { CorrelatorMetrics } from '../../../apps/correlator/src/metrics.js';
import { WeighingRepository } from '../../../apps/correlator/src/weighing/weighing.repository.js';
import { WeighingService } from '../../../apps/correlator/src/weighing/weighing.service.js';
import { PseudonymsWriter } from '../../../apps/nyms/src/pseudonyms/pseudonyms.writer.js';
import { AttestingService } from '../../../apps/witness/src/attesting/attesting.service.js';
import { EntryVerifier } from '../../../apps/witness/src/inspecting/entry-verifier.js';
import { InspectingService } from '../../../apps/witness/src/inspecting/inspecting.service.js';
import { MemoryRepository } from '../../../apps/witness/src/inspecting/memory.repository.js';
import { WitnessMetrics } from '../../../apps/witness/src/metrics.js';
import { Mortality } from './mortality.js';
import type { Death } from './operations.js';
import type { Ground } from './ground.js';

const noQueue = { add: () => Promise.resolve(undefined as never) };
/** Nobody looks at status lists here. */
const noIndices = { give: () => Promise.resolve() };
/** A line for each event, for whoever looks into a failure. */
const eventsTo = (log: string[], who: string) =>
  ({ emit: (name: string, fields: object) => log.push(`${who} ${name} ${JSON.stringify(fields)}`) }) as never;

function openPool(ground: Ground, role: string, death?: Death) {
  const mortality = new Mortality(death);
  const pool = mortality.watch(new pg.Pool({ connectionString: ground.nymsUrl(role), max: 6 }));
  return { mortality, pool };
}

export function openIntake(ground: Ground, death?: Death) {
  const { mortality, pool } = openPool(ground, 'nyms', death);
  const prisma = new PrismaClient({ adapter: new PrismaPg(pool) });
  const close = async () => {
    await prisma.$disconnect().catch(() => undefined);
    await pool.end();
  };
  return { mortality, signals: new SignalsRepository(prisma), pseudonyms: new PseudonymsWriter(pool, noIndices), close };
}

function openShared(ground: Ground, role: string, death?: Death) {
  const { mortality, pool } = openPool(ground, role, death);
  const policies: PolicyStore = ground.openPolicies();
  const tools = {
    scheme: ground.scheme,
    selectors: new SelectorsRepository(pool),
    verified: new VerifiedSelectors(ground.pin, 1_024),
  };
  const manifests = new ManifestsRepository(pool);
  const objections = new ObjectionsRepository(pool, ground.witnesses);
  const trees = new TreesRepository(pool);
  const close = async () => {
    ground.closePolicies(policies);
    await pool.end();
  };
  return { mortality, pool, policies, tools, manifests, objections, trees, close };
}

export function openCorrelator(ground: Ground, death?: Death) {
  const shared = openShared(ground, 'correlator', death);
  const { pool, policies, tools, manifests, objections, trees } = shared;
  const events = eventsTo(ground.log, 'correlator');
  const metrics = new CorrelatorMetrics(new Metrics());
  const key = ground.keys.correlator;
  const { keyholder, clock, witnesses } = ground;
  const weighing = new WeighingService(new WeighingRepository(pool), policies, metrics);
  const closing = new ClosingService(
    manifests,
    weighing,
    policies,
    key,
    clock,
    metrics,
    events,
    { look: () => Promise.resolve([]) },
    noQueue,
  );
  const patience = new Patience();
  const maker = new TreeMaker(manifests, objections, trees, policies, key, metrics, events, tools, 2);
  const tallying = new TallyingService(manifests, objections, trees, policies, keyholder, maker, events, tools, patience);
  const shadows = new ShadowTallyingService(manifests, trees, policies, keyholder, maker, events);
  const deciding = new DecidingService(trees, keyholder, key, metrics, events, 'correlator-1', witnesses, patience);
  const steps = [weighing, tallying, deciding, shadows] as const;
  const pipeline = new PipelineService(pool, manifests, trees, policies, ...steps, metrics, events, noQueue);
  return { ...shared, weighing, closing, tallying, deciding, pipeline };
}

export function openWitness(ground: Ground, death?: Death) {
  const shared = openShared(ground, 'witness', death);
  const { policies, tools, manifests, objections, trees } = shared;
  const events = eventsTo(ground.log, 'witness');
  const metrics = new WitnessMetrics(new Metrics());
  const { clock, correlators } = ground;
  const key = ground.keys.witness;
  const memory = new MemoryRepository(shared.pool, objections, 'witness-1');
  const verifier = new EntryVerifier(new HubKeys(), memory);
  const inspecting = new InspectingService(
    manifests,
    memory,
    verifier,
    policies,
    key,
    clock,
    metrics,
    events,
    correlators,
    noQueue,
  );
  const more = [events, correlators, 'witness-1', tools, 2, noQueue] as const;
  const attesting = new AttestingService(manifests, objections, trees, memory, policies, key, metrics, ...more);
  return { ...shared, inspecting, attesting };
}

export type Intake = ReturnType<typeof openIntake>;
export type Correlator = ReturnType<typeof openCorrelator>;
export type Witness = ReturnType<typeof openWitness>;
