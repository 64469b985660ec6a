/** The last catch of a process: what a person can mend is one line, everything else is a logged fault; both exit 1. */
import { ConfigError } from '../config/define-config.js';
import { createLogger } from '../logging/logger.js';
import { StartError } from './serve.js';

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
    if (error instanceof ConfigError || error instanceof StartError) process.stderr.write(`${error.message}\n`);
    else logger.fatal({ event: 'start-failed', err: error });
    process.exit(1);
  }
}
