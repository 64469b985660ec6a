/** The scenario as `npm start` sees it: how the service is set up for it, its hubs, and playing it once per data folder. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Scenario, ScenarioFlags, ScenarioResult } from '../start/scenario.js';
import { folders } from '../stack/app-specs.js';
import { StackError } from '../stack/stack-error.js';
import type { Stack } from '../stack/stack.js';
import { constants } from './constants.js';
import { playScenario } from './play.js';
import type { Played } from './play.js';
import { progress } from './progress.js';
import { ReferenceHubs } from './reference-hubs.js';
import { faults } from './report.js';
import { readRecord, refuseAnother, writeRecord } from './scenario-record.js';
import { scenarioPolicy } from './scenario-policy.js';
import { resultTable } from './table.js';

const print = (text: string): void => void process.stdout.write(`${text}\n`);

/** Below this, no world has all the kinds of hubs and accounts that the scenario is about. */
const least = { accounts: 100, hubs: constants.relapsePseudonyms + 2 } as const;

export const scenario: Scenario = {
  defaults: { seed: constants.seed, accounts: constants.accounts, hubs: constants.hubs },

  stackOptions(flags, dataDir) {
    for (const name of ['accounts', 'hubs'] as const) {
      if (flags[name] < least[name])
        throw new StackError(`${flags[name]} ${name} are too few for the scenario`, `take ${least[name]} or more`);
    }
    if (dataDir !== undefined) refuseAnother(dataDir, flags);
    return { hubs: flags.hubs, policy: scenarioPolicy, schedule: 'off' };
  },

  async open(stack, signal) {
    const hubs = await ReferenceHubs.start(stack, signal);
    return { hubsUrl: hubs.url, stop: () => hubs.stop(), play: (flags, ended) => play(stack, hubs, flags, ended) };
  },
};

async function play(
  stack: Stack,
  reference: ReferenceHubs,
  { seed, accounts, hubs }: ScenarioFlags,
  signal: AbortSignal,
): Promise<ScenarioResult | undefined> {
  const kept = readRecord(stack.dataDir);
  if (kept?.played) {
    print(`\nThe scenario was played on this data before (${stack.dataDir}); this is what happened then.`);
    show(kept.played, stack);
    return undefined;
  }
  const size = { seed, accounts, hubs };
  const begun = (kept?.begun ?? 0) + 1;
  writeRecord(stack.dataDir, { ...size, begun });
  print(`\nPlaying ${accounts} accounts and ${hubs} hubs, seed ${seed}.`);
  const bars = progress(process.stdout);
  const stop = () => bars.stop();
  signal.addEventListener('abort', stop, { once: true });
  try {
    const { steps } = bars;
    const played = await playScenario({ stack, reference, size, begun, rootFingerprint: rootFingerprint(stack), steps, signal });
    bars.stop();
    writeRecord(stack.dataDir, { ...size, begun, played });
    show(played, stack);
    return { report: played.report, faults: faults(played.report) };
  } finally {
    signal.removeEventListener('abort', stop);
    bars.stop();
  }
}

const show = ({ report, missed }: Played, stack: Stack): void => print(resultTable(report, missed, stack.policy()));

/** What ships in a client's configuration: the pin of the key holder's root key. */
function rootFingerprint(stack: Stack): string {
  const pin = JSON.parse(readFileSync(path.join(folders(stack.dataDir).config, 'keyholder-public.json'), 'utf8')) as {
    rootFingerprint: string;
  };
  return pin.rootFingerprint;
}
