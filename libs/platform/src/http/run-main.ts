/** The last catch of a process: what a person can mend is one line, everything else is a logged fault; both exit 1. */
import { ConfigError } from '../config/define-config.js';
import { isUnavailable } from '../database/unavailable.js';
import { createLogger } from '../logging/logger.js';
import { StartError } from './start-error.js';

/** `await runMain('nyms', async () => { … })` in main.ts. */
export async function runMain(app: string, main: () => Promise<unknown>): Promise<void> {
  const logger = createLogger({ app });
  process.on('unhandledRejection', (error) => {
    logger.fatal({ event: 'unhandled-rejection', err: error });
    process.exit(1);
  });
  process.on('uncaughtException', (error) => {
    logger.fatal({ event: 'uncaught-exception', err: error });
    process.exit(1);
  });
  try {
    await main();
  } catch (error) {
    const line = mendable(app, error);
    if (line === undefined) logger.fatal({ event: 'start-failed', err: error });
    else process.stderr.write(`${line}\n`);
    process.exit(1);
  }
}

/** What the person who starts the process can mend, in one line. */
export function mendable(app: string, error: unknown): string | undefined {
  if (error instanceof ConfigError || error instanceof StartError) return error.message;
  if (!isUnavailable(error)) return undefined;
  return `${app} cannot start: a database, queue or peer cannot be reached; check that it runs and that its address is right`;
}
