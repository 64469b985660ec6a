/**
 * The life of queues in one process: errors are logged, depth and age are measured, readiness is told, and workers end before
 * anything they use. Knows queue names and counts, never what a job carries.
 */
import { WorkerHost } from '@nestjs/bullmq';
import { Inject, Injectable } from '@nestjs/common';
import type { OnApplicationBootstrap, OnModuleDestroy } from '@nestjs/common';
import { DiscoveryService } from '@nestjs/core';
import type { Queue, Worker } from 'bullmq';
import { Clock } from '../clock.js';
import { Health } from '../health/health.js';
import { APP_LOGGER } from '../logging/logger.js';
import type { AppLogger } from '../logging/logger.js';
import { Metrics } from '../metrics/metrics.js';
import type { GaugeMetric } from '../metrics/metrics.js';

/** Injection token: every Queue of the module. */
export const QUEUES = Symbol('queues');

const states = ['waiting', 'active', 'delayed', 'prioritized', 'waiting-children', 'failed'] as const;

@Injectable()
export class QueueLife implements OnApplicationBootstrap, OnModuleDestroy {
  private workers: readonly Worker[] = [];

  constructor(
    @Inject(QUEUES) private readonly queues: readonly Queue[],
    @Inject(APP_LOGGER) private readonly logger: AppLogger,
    private readonly discovery: DiscoveryService,
    private readonly clock: Clock,
    private readonly health: Health,
    private readonly metrics: Metrics,
  ) {}

  onApplicationBootstrap(): void {
    const hosts = this.discovery.getProviders().flatMap(({ instance }) => (instance instanceof WorkerHost ? instance : []));
    this.workers = hosts.map(({ worker }) => worker);
    for (const queue of this.queues)
      queue.on('error', (err) => this.logger.warn({ event: 'queue-error', queue: queue.name, err }));
    for (const worker of this.workers) {
      worker.on('error', (err) => this.logger.warn({ event: 'worker-error', queue: worker.name, err }));
      worker.on('failed', (job, err) => {
        this.logger.error({ event: 'job-failed', queue: worker.name, job: job?.name, attempt: job?.attemptsMade, err });
      });
    }
    this.health.add('queue', async () => await Promise.all(this.queues.map((queue) => queue.getJobCountByTypes('waiting'))));
    this.measure();
  }

  /** Workers finish what they run while queues and databases are still open; a job cut off later would run again, but late. */
  async onModuleDestroy(): Promise<void> {
    await Promise.all(this.workers.map((worker) => worker.close()));
  }

  private measure(): void {
    const queue = this.queues.map(({ name }) => name);
    this.metrics.gauge('queue_jobs', 'Jobs in a queue by state', { queue, state: states }, (gauge) => this.depths(gauge));
    this.metrics.gauge('queue_oldest_seconds', 'Age of the job that waits longest', { queue }, (gauge) => this.ages(gauge));
  }

  private async depths(gauge: GaugeMetric<{ queue: readonly string[]; state: typeof states }>): Promise<void> {
    for (const queue of this.queues) {
      const counts = await queue.getJobCounts(...states);
      for (const state of states) gauge.set(counts[state] ?? 0, { queue: queue.name, state });
    }
  }

  private async ages(gauge: GaugeMetric<{ queue: readonly string[] }>): Promise<void> {
    for (const queue of this.queues) {
      const [oldest] = await queue.getJobs(['waiting'], 0, 0, true);
      const seconds = oldest ? (this.clock.now().getTime() - oldest.timestamp) / 1_000 : 0;
      gauge.set(Math.max(0, seconds), { queue: queue.name });
    }
  }
}
