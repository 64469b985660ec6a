/**
 * A reference hub (docs/hub-guide.md): what a hub does with the hub SDK, small enough to read. Rooms are in memory and have no messages in
 * them. It knows pseudonyms; it must never learn an account, and nobody can tell it one.
 */
import { createLogger, runMain } from '#platform';
import { hubEvents } from './events.js';
import { help, readOptions } from './options.js';
import type { HubOptions } from './options.js';
import { startHubs } from './start.js';

await runMain('hub', async () => {
  const options = optionsOrUsage();
  if (!options) return;
  const logger = createLogger({ app: 'hub', level: options.logLevel });
  const running = await startHubs(options, hubEvents(logger));
  await new Promise<void>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve());
  });
  await running.stop();
});

/** What was typed counts from where it was typed: the task runner works in the repository's folder. */
function optionsOrUsage(): HubOptions | undefined {
  try {
    const options = readOptions(process.argv.slice(2), process.env['INIT_CWD'] ?? '.');
    if (!options) console.log(help);
    return options;
  } catch (error) {
    if (!String((error as NodeJS.ErrnoException).code).startsWith('ERR_PARSE_ARGS')) throw error;
    process.stderr.write(`hub: ${(error as Error).message}: see --help\n`);
    process.exitCode = 2;
    return undefined;
  }
}
