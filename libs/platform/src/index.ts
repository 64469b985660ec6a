/** What every process stands on: configuration, logs, clock, keys, databases, queue, HTTP. Knows no domain word. */
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
export { Secret } from './config/secret.js';
export { secretFile } from './config/secret-file.js';
export { defineEvents } from './logging/events.js';
export type { EventLog, EventSpec } from './logging/events.js';
export { APP_LOGGER, createLogger, logLevels } from './logging/logger.js';
export type { AppLogger, LogLevel } from './logging/logger.js';
export { NestLogger } from './logging/nest-logger.js';
export { generateSigningKey, isUsablePublicKey, sign, SigningKey, signingKeyFromPem, signingKeyFromSeed, verify } from './signing.js';
export { shuffled, WritePool } from './write-pool.js';
export type { WritePoolOptions } from './write-pool.js';
