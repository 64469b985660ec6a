/** `ctl start`, which is `npm start`: the whole service on this machine, the scenario, and then open for use until Ctrl-C. */
import { cpSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { Option } from 'commander';
import type { Command } from 'commander';
import type { Context } from '../command/context.js';
import { example } from '../command/context.js';
import type { Session } from '../command/session.js';
import type { AppExit, AppProcess } from '../stack/app-process.js';
import { databases } from '../stack/migrate.js';
import { reasonIn } from '../stack/reason.js';
import { startStack } from '../stack/stack.js';
import type { Stack, StackOptions } from '../stack/stack.js';
import { StackError } from '../stack/stack-error.js';
import { folders } from '../stack/app-specs.js';
import { addresses, unsealWarning } from './addresses.js';
import type { OpenScenario, Scenario, ScenarioFlags } from './scenario.js';
import { untilTold } from './until-told.js';
import { restartOnChange } from './watch.js';

interface StartFlags extends ScenarioFlags {
  readonly empty?: true;
  readonly once?: true;
  readonly report?: string;
  readonly portBase: number;
  readonly watch?: true;
}

/** A run that was asked to finish and did not. */
const interrupted = 130;

const wholeNumber = (text: string): number => {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 0) throw new StackError(`${text} is no whole number`, 'give one from 0 up');
  return value;
};

export function addStartCommand(
  program: Command,
  { session: open, print, exitWith }: Context,
  scenario: Scenario | undefined,
): void {
  const { seed, accounts, hubs } = scenario?.defaults ?? { seed: 1, accounts: 1_000, hubs: 12 };
  const scenarioOptions = (command: Command) =>
    command
      .option('--report <file>', 'write what the scenario measured as JSON')
      .option('--seed <number>', 'of the scenario', wholeNumber, seed)
      .option('--accounts <number>', 'of the scenario', wholeNumber, accounts)
      .option('--hubs <number>', 'of the scenario', wholeNumber, hubs);

  scenarioOptions(program.command('scenario'))
    .description('play the scenario on a throw-away service; exit code 0 only if all is right (`start --once`)')
    .addHelpText('after', example('scenario --seed 7 --report report.json'))
    .action(async (flags: ScenarioFlags, command: Command) =>
      exitWith(await start(open(command), { ...flags, once: true, portBase: 0 }, scenario, print)),
    );

  scenarioOptions(program.command('start'))
    .description('run the whole service on this machine: databases, keys, five processes and the scenario')
    .option('--empty', 'without the scenario')
    .option('--once', 'stop after the scenario; fresh temporary data, free ports, exit code 0 only if all is right')
    .option('--port-base <number>', 'registrar gets this port plus 1, nyms plus 2, …; 0: any free ones', wholeNumber, 7_400)
    .addOption(new Option('--watch', 'restart when a source changes').hideHelp())
    .addHelpText('after', '\nExample:\n  npm start\n  npm start -- --empty\n  npm start -- --once --seed 7 --report report.json')
    .action(async (flags: StartFlags, command: Command) => exitWith(await start(open(command), flags, scenario, print)));
}

async function start(
  session: Session,
  flags: StartFlags,
  scenario: Scenario | undefined,
  print: (text: string) => void,
): Promise<number> {
  const told = untilTold((code) => process.exit(code));
  const dataDir = flags.once ? undefined : session.dataDir;
  const played = flags.empty ? undefined : scenario;
  let endedByItself: (line: string) => void = () => undefined;
  const ended = new Promise<string>((resolve) => (endedByItself = resolve));
  // a throw-away folder takes its logs along, and a failure is what they are for
  const keepLogs = (folder: string) => {
    const kept = path.join(session.dataDir, 'logs-of-failed-run');
    if (flags.once && !told.signal.aborted && tryToCopy(path.join(folder, 'logs'), kept)) print(`logs: ${kept}`);
  };
  let stack: Stack | undefined;
  let opened: Promise<OpenScenario> | undefined;
  try {
    stack = await startStack({
      ...(dataDir !== undefined && { dataDir }),
      portBase: flags.once ? 0 : flags.portBase,
      schedule: played ? 'off' : 'on',
      ...played?.stackOptions(flags, dataDir),
      ...externalServices(session),
      onProgress: (step) => print(`· starting ${step}`),
      onUnexpectedExit: (app, exit) => (flags.watch ? print : endedByItself)(endedLine(app, exit)),
      onFailure: (folder) => keepLogs(folder),
      signal: told.signal,
    });
    const running = stack;
    print(unsealWarning(folders(running.dataDir).keyholderSecrets));
    const failure = ended.then((line) => Promise.reject(new StackError(line, `see ${running.dataDir}/logs`)));
    failure.catch(() => undefined); // it is raced below, perhaps later
    opened = played?.open(running, told.signal);
    const result = await Promise.race([opened?.then((one) => one.play(flags, told.signal)), failure]);
    if (result && flags.report) writeFileSync(session.path(flags.report), `${JSON.stringify(result.report, undefined, 2)}\n`);
    for (const fault of result?.faults ?? []) print(`✗ ${fault}`);
    if (flags.once) {
      if (result?.faults.length) keepLogs(running.dataDir);
      return result?.faults.length === 0 || !played ? 0 : 1;
    }
    print(addresses(running.urls, running.dataDir, (await opened)?.hubsUrl));
    if (flags.watch) await restartOnChange(running, print, told.signal);
    else await Promise.race([told.end, failure]);
    return 0;
  } catch (error) {
    if (told.signal.aborted && !(error instanceof StackError)) return flags.once ? interrupted : 0;
    if (stack) keepLogs(stack.dataDir);
    throw error;
  } finally {
    if (told.signal.aborted) print('· stopping');
    await opened?.then((one) => one.stop()).catch(() => undefined); // why it is not open has been said
    await stack?.stop();
    told.dispose();
  }
}

function tryToCopy(from: string, to: string): boolean {
  try {
    rmSync(to, { recursive: true, force: true });
    cpSync(from, to, { recursive: true });
    return true;
  } catch {
    return false; // a folder that cannot be written must not hide why the run failed
  }
}

const endedLine = (app: AppProcess, { code, signal }: AppExit): string =>
  `${app.spec.name} ended by itself (${signal ?? `exit code ${code}`}: ${reasonIn(app.output())})`;

/** Servers of the operator's own, when they are set: all three databases or none. */
function externalServices({ config: { settings } }: Session): Pick<StackOptions, 'databaseUrls' | 'redisUrl'> {
  const given = { registrar: settings.externalRegistrar, nyms: settings.externalNyms, keyholder: settings.externalKeyholder };
  const missing = databases.filter((name) => !given[name]);
  if (missing.length > 0 && missing.length < databases.length) {
    const names = missing.map((name) => `${name.toUpperCase()}_DATABASE_URL`).join(' and ');
    throw new StackError(`${names} is not set, the others are`, 'set all three, or none for embedded databases');
  }
  return {
    ...(settings.redisUrl && { redisUrl: settings.redisUrl }),
    ...(missing.length === 0 && { databaseUrls: given as NonNullable<StackOptions['databaseUrls']> }),
  };
}
