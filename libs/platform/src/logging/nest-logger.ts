/** Nest's own messages through our logger: its start-up chatter at debug, everything scrubbed like our own. */
import type { LoggerService } from '@nestjs/common';
import type { AppLogger } from './logger.js';
import { scrubText } from './scrub.js';

/** Contexts that tell one line per module and route at every start. */
const chatter = new Set([
  'NestFactory',
  'InstanceLoader',
  'RoutesResolver',
  'RouterExplorer',
  'NestApplication',
  'NestApplicationContext',
]);

export class NestLogger implements LoggerService {
  constructor(private readonly logger: AppLogger) {}

  log(message: unknown, ...rest: unknown[]): void {
    this.write(chatter.has(contextOf(rest) ?? '') ? 'debug' : 'info', message, rest);
  }

  error(message: unknown, ...rest: unknown[]): void {
    this.write('error', message, rest);
  }

  warn(message: unknown, ...rest: unknown[]): void {
    this.write('warn', message, rest);
  }

  debug(message: unknown, ...rest: unknown[]): void {
    this.write('debug', message, rest);
  }

  verbose(message: unknown, ...rest: unknown[]): void {
    this.write('debug', message, rest);
  }

  fatal(message: unknown, ...rest: unknown[]): void {
    this.write('fatal', message, rest);
  }

  private write(level: 'debug' | 'info' | 'warn' | 'error' | 'fatal', message: unknown, rest: readonly unknown[]): void {
    const error = [message, ...rest].find((part) => part instanceof Error);
    const context = contextOf(rest);
    const fields = { ...(context !== undefined && { context }), ...(error && { err: error }) };
    this.logger[level](
      fields,
      error ? 'error' : scrubText(typeof message === 'string' ? message : (JSON.stringify(message) ?? '')),
    );
  }
}

/** Nest passes the context last, and a stack (several lines) before it. */
function contextOf(rest: readonly unknown[]): string | undefined {
  const last = rest.at(-1);
  return typeof last === 'string' && !last.includes('\n') ? last : undefined;
}
