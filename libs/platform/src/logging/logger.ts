/**
 * pino JSON on standard output, one line per event of the process: never per request, never a body, header or address.
 * Business events go through `defineEvents`; this logger is for the life of the process and for faults.
 */
import { pino } from 'pino';
import type { DestinationStream, Logger } from 'pino';
import { scrubError, scrubText } from './scrub.js';

export type AppLogger = Logger;
export const logLevels = ['debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;
export type LogLevel = (typeof logLevels)[number];

/** Injection token of the process's AppLogger. */
export const APP_LOGGER = Symbol('AppLogger');

/** Names that hold what must never be printed, at the top of an entry or one level below. */
const hidden = [
  'authorization',
  'cookie',
  'headers',
  'body',
  'password',
  'secret',
  'token',
  'seed',
  'privateKey',
  'ip',
  'remoteAddress',
];

export function createLogger(options: { app: string; level?: LogLevel; destination?: DestinationStream }): AppLogger {
  return pino(
    {
      level: options.level ?? 'info',
      base: { app: options.app },
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      redact: { paths: hidden.flatMap((name) => [name, `*.${name}`]), censor: '[redacted]' },
      serializers: { err: (error: unknown) => scrubError(error) },
      hooks: {
        logMethod(args, method) {
          method.apply(this, fieldsAndText(args) as [object, string]);
        },
      },
    },
    options.destination ?? pino.destination({ dest: 1, sync: true }),
  );
}

/** pino copies an error's message into `msg` and interpolates further arguments, neither of which passes a serializer. */
function fieldsAndText(args: readonly unknown[]): [object, string | undefined] {
  const [first, second] = args;
  if (typeof first === 'string') return [{}, scrubText(first)];
  const fields: object = first instanceof Error ? { err: first } : typeof first === 'object' && first !== null ? first : {};
  return [fields, typeof second === 'string' ? scrubText(second) : 'err' in fields ? 'error' : undefined];
}
