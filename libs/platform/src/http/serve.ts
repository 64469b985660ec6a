/**
 * A process's life: listen, and on SIGTERM or SIGINT stop accepting, finish what is under way, close every module, exit 0.
 * Past the deadline it exits 1, and a second signal ends it at once: work that was not finished is safe to run again.
 */
import type { EventEmitter } from 'node:events';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { Health } from '../health/health.js';
import type { AppLogger } from '../logging/logger.js';
import { StartError } from './start-error.js';

export interface ServeOptions {
  readonly logger: AppLogger;
  readonly host: string;
  /** 0: any free port. */
  readonly port: number;
  readonly drainMs?: number;
  /** For tests; the process itself by default. */
  readonly signals?: Pick<EventEmitter, 'on' | 'off'>;
  readonly exit?: (code: number) => void;
}

export interface Serving {
  /** `http://host:port`, the real port. */
  readonly url: string;
  /** Drains and closes without ending the process. */
  stop(): Promise<void>;
}

export async function serve(app: NestFastifyApplication, options: ServeOptions): Promise<Serving> {
  const { logger, host, port, drainMs = 10_000, signals = process, exit = (code) => process.exit(code) } = options;
  const url = await listen(app, host, port);
  let stopping: Promise<void> | undefined;
  const stop = () => (stopping ??= drainAndClose(app));
  const onSignal = (signal: string) => {
    if (stopping) return exit(1);
    logger.info({ event: 'stopping', signal });
    setTimeout(() => {
      logger.error({ event: 'stop-overdue', drainMs });
      exit(1);
    }, drainMs).unref();
    stop().then(
      () => {
        logger.info({ event: 'stopped' });
        exit(0);
      },
      (error: unknown) => {
        logger.error({ event: 'stop-failed', err: error });
        exit(1);
      },
    );
  };
  for (const signal of ['SIGTERM', 'SIGINT']) signals.on(signal, onSignal);
  logger.info({ event: 'listening', url });
  return {
    url,
    async stop() {
      for (const signal of ['SIGTERM', 'SIGINT']) signals.off(signal, onSignal);
      await stop();
    },
  };
}

/** Fastify's own listen: Nest's would log a refusal besides throwing it. */
async function listen(app: NestFastifyApplication, host: string, port: number): Promise<string> {
  try {
    return await app.getHttpAdapter().getInstance().listen({ host, port });
  } catch (error) {
    await app.close();
    throw listenError(error, host, port);
  }
}

/** HTTP first, while workers and databases still serve the requests under way; then Nest's hooks. */
async function drainAndClose(app: NestFastifyApplication): Promise<void> {
  app.get(Health, { strict: false }).drain();
  await app.getHttpAdapter().getInstance().close();
  await app.close();
}

function listenError(error: unknown, host: string, port: number): unknown {
  switch ((error as NodeJS.ErrnoException).code) {
    case 'EADDRINUSE':
      return new StartError(`port ${port} on ${host} is in use: stop what listens there, or set another port`);
    case 'EACCES':
      return new StartError(`port ${port} on ${host} needs more rights: set a port above 1023`);
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return new StartError(`${host} is not an address of this machine: set another host`);
    default:
      return error;
  }
}
