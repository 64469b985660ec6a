/**
 * BullMQ in Nest: `QueueModule.register({ queues: ['a'], store })` gives `@InjectQueue('a')`, `@Processor('a')` and a FlowProducer.
 * Jobs are tried again with growing waits; a done one is forgotten at once, because its time would tell when work came.
 */
import { BullModule, getFlowProducerToken, getQueueToken } from '@nestjs/bullmq';
import { Module } from '@nestjs/common';
import type { DynamicModule } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import type { DefaultJobOptions } from 'bullmq';
import { prepareQueueStore } from './backend.js';
import type { QueueStore } from './backend.js';
import { QuietWorker } from './quiet-worker.js';
import { QueueLife, QUEUES } from './queue-life.js';

export interface QueueModuleOptions {
  readonly queues: readonly string[];
  readonly store: QueueStore;
}

const DAY_SECONDS = 86_400;
/** 0.2 s, 0.4 s, … 25 s: longer absences are the sweeper's. */
const jobDefaults: DefaultJobOptions = {
  attempts: 8,
  backoff: { type: 'exponential', delay: 200, jitter: 0.5 },
  removeOnComplete: true,
  removeOnFail: { age: DAY_SECONDS, count: 1_000 },
  stackTraceLimit: 0,
};
const EVENTS_KEPT = 100;

const FLOWS = 'flows';
/** `@Inject(FLOW_PRODUCER) flows: FlowProducer` */
export const FLOW_PRODUCER = getFlowProducerToken(FLOWS);

@Module({})
export class QueueModule {
  /** Once per application; needs PlatformModule. */
  static register({ queues, store }: QueueModuleOptions): DynamicModule {
    BullModule.workerClass = QuietWorker;
    const shared = async () => ({
      ...(await prepareQueueStore(store)),
      defaultJobOptions: jobDefaults,
      streams: { events: { maxLen: EVENTS_KEPT } },
    });
    const registered = [
      BullModule.registerQueue(...queues.map((name) => ({ name }))),
      BullModule.registerFlowProducer({ name: FLOWS }),
    ];
    return {
      global: true,
      module: QueueModule,
      imports: [BullModule.forRootAsync({ useFactory: shared }), DiscoveryModule, ...registered],
      providers: [
        QueueLife,
        { provide: QUEUES, inject: queues.map((name) => getQueueToken(name)), useFactory: (...all: unknown[]) => all },
      ],
      exports: registered,
    };
  }
}
