/** The process's identity for whoever calls or serves; watched while the process runs, its expiry as a metric. */
import { Injectable, Module } from '@nestjs/common';
import type { DynamicModule, OnApplicationShutdown } from '@nestjs/common';
import type { AppLogger } from '../logging/logger.js';
import { Metrics } from '../metrics/metrics.js';
import { TlsIdentity } from './identity.js';

@Injectable()
class TlsWatch implements OnApplicationShutdown {
  constructor(
    private readonly identity: TlsIdentity,
    logger: AppLogger,
    metrics: Metrics,
  ) {
    identity.watch((report) => {
      if (report.event === 'renewed') logger.info({ event: 'certificate-renewed', expiresAt: report.expiresAt.toISOString() });
      else logger.error({ event: 'certificate-refused', reason: report.reason });
    });
    metrics.gauge('tls_certificate_expires_seconds', 'end of the own certificate, in seconds since 1970', {}, (gauge) =>
      gauge.set(Math.floor(identity.expiresAt.getTime() / 1_000)),
    );
  }

  onApplicationShutdown(): void {
    this.identity.close();
  }
}

@Module({})
export class TlsModule {
  static register(identity: TlsIdentity, logger: AppLogger): DynamicModule {
    return {
      global: true,
      module: TlsModule,
      providers: [
        { provide: TlsIdentity, useValue: identity },
        { provide: TlsWatch, inject: [Metrics], useFactory: (metrics: Metrics) => new TlsWatch(identity, logger, metrics) },
      ],
      exports: [TlsIdentity],
    };
  }
}
