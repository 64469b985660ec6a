/** What every process stands on: configuration, logs, clock, keys, databases, queue, HTTP. Knows no domain word. */
export { remoteTokenKeys, TOKEN_SKEW_SECONDS, verifyAccessToken } from './access-tokens/access-token.js';
export type { TokenRules } from './access-tokens/access-token.js';
export { backoffMs, retryAfterMs } from './backoff.js';
export type { BackoffRules } from './backoff.js';
export { Clock, clockOffsetDays, FixedClock, SystemClock } from './clock.js';
export { configTable } from './config/config-table.js';
export { ConfigError, defineConfig } from './config/define-config.js';
export type { Config, ConfigDefinition, ConfigRow, Environment } from './config/define-config.js';
export {
  bool,
  FieldError,
  filePath,
  int,
  list,
  named,
  oneOf,
  optional,
  port,
  refusedInProduction,
  required,
  text,
  url,
} from './config/field.js';
export type { Field } from './config/field.js';
export { httpsUrl, isLoopbackHttp } from './config/https-url.js';
export { serviceUrl, tlsFiles } from './config/tls-fields.js';
export { Secret } from './config/secret.js';
export { secretFile } from './config/secret-file.js';
export { defineEvents } from './logging/events.js';
export type { EventLog, EventSpec } from './logging/events.js';
export { APP_LOGGER, createLogger, logLevels } from './logging/logger.js';
export type { AppLogger, LogLevel } from './logging/logger.js';
export { NestLogger } from './logging/nest-logger.js';
export {
  generateSigningKey,
  isSignedBy,
  isUsablePublicKey,
  kidOf,
  sign,
  SigningKey,
  signingKeyFromPem,
  signingKeyFromSeed,
  verify,
  verifyInBackground,
} from './signing.js';
export { lockShare, readShareFile, shareCommitment, ShareLocked, SHORTEST_PASSPHRASE, unlockShare } from './share-file.js';
export type { ShareHead } from './share-file.js';
export { BOX_OVERHEAD, BoxRefused, openBox, sealBox } from './sealed-box.js';
export { replaceFile, syncFolder, TEMPORARY } from './durable-file.js';
export { FollowedFile } from './followed-file.js';
export { Repeated } from './repeated.js';
export { shuffled, WritePool } from './write-pool.js';
export type { WritePoolOptions } from './write-pool.js';
export { isUnavailable } from './database/unavailable.js';
export { Health } from './health/health.js';
export type { Check, Readiness } from './health/health.js';
export { CallersModule, ForAnyone, OnlyFor } from './http/callers.js';
export { Consumes, octetStream } from './http/content-types.js';
export { configureHttpApp, createHttpApp, servedRoutes } from './http/create-http-app.js';
export type { HttpAppOptions } from './http/create-http-app.js';
export { HttpAdapter } from './http/http-adapter.js';
export type { ServedRoute } from './http/route-table.js';
export { runMain } from './http/run-main.js';
export { serve } from './http/serve.js';
export type { ServeOptions, Serving } from './http/serve.js';
export { StartError } from './http/start-error.js';
export { parseRequest, zodBody, zodPath, zodQuery } from './http/zod.pipe.js';
export { certificateUri, nameIn } from './tls/certificate-name.js';
export { TlsIdentity } from './tls/identity.js';
export type { TlsFiles, TlsReport } from './tls/identity.js';
export { ServiceClient } from './tls/service-client.js';
export type { ServiceAnswer, ServiceRequest } from './tls/service-client.js';
export { TlsModule } from './tls/tls.module.js';
export { Metrics } from './metrics/metrics.js';
export type { CounterMetric, GaugeMetric, HistogramMetric } from './metrics/metrics.js';
export { PlatformModule } from './platform.module.js';
export type { PlatformOptions } from './platform.module.js';
export { createPool, PoolModule } from './database/pool.module.js';
export { openPrisma, prismaModule } from './database/prisma.module.js';
export type { DatabaseOptions, PrismaClass, PrismaLike } from './database/prisma.module.js';
export { withSerializableRetry } from './database/retry.js';
export { migrateQueueSchema } from './queue/backend.js';
export type { QueueStore } from './queue/backend.js';
export { FLOW_PRODUCER, QueueModule } from './queue/queue.module.js';
export type { QueueModuleOptions } from './queue/queue.module.js';
export { wake } from './queue/wake.js';
export type { WakeData } from './queue/wake.js';
export { openApiDocument } from './openapi/document.js';
export type { ApiInfo } from './openapi/document.js';
export { OpenApiModule } from './openapi/openapi.module.js';
export { routeDifferences } from './openapi/route-differences.js';
