/** What every process has: clock, logger, health and metrics, global, so that other modules add their checks and gauges. */
import { Module } from '@nestjs/common';
import type { DynamicModule } from '@nestjs/common';
import { Clock } from './clock.js';
import type { Secret } from './config/secret.js';
import { HealthController } from './health/health.controller.js';
import { Health } from './health/health.js';
import { APP_LOGGER } from './logging/logger.js';
import type { AppLogger } from './logging/logger.js';
import { Metrics } from './metrics/metrics.js';
import { METRICS_TOKEN, MetricsController } from './metrics/metrics.controller.js';
import { MetricsToken } from './metrics/metrics-token.js';

export interface PlatformOptions {
  readonly logger: AppLogger;
  readonly clock: Clock;
  /** Bearer token for `/metrics`; open without one. */
  readonly metricsToken?: Secret | undefined;
}

@Module({})
export class PlatformModule {
  static register({ logger, clock, metricsToken }: PlatformOptions): DynamicModule {
    return {
      global: true,
      module: PlatformModule,
      controllers: [HealthController, MetricsController],
      providers: [
        Health,
        Metrics,
        { provide: Clock, useValue: clock },
        { provide: APP_LOGGER, useValue: logger },
        { provide: METRICS_TOKEN, useValue: metricsToken ? new MetricsToken(metricsToken) : null },
      ],
      exports: [Health, Metrics, Clock, APP_LOGGER],
    };
  }
}
