/** `scenario.json` in the data folder: which world was played there, how often it was begun, and what came of it. */
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { StackError } from '../stack/stack-error.js';
import type { Missed, ScenarioReport } from './report.js';
import type { WorldSize } from './world.js';

const record = z.object({
  seed: z.int(),
  accounts: z.int(),
  hubs: z.int(),
  /** a killed run is begun again with other accounts, so that nothing of it is judged */
  begun: z.int().positive(),
  played: z.object({ report: z.custom<ScenarioReport>(), missed: z.custom<readonly Missed[]>() }).optional(),
});
export type ScenarioRecord = z.output<typeof record>;

const fileIn = (dataDir: string): string => path.join(dataDir, 'scenario.json');

export function readRecord(dataDir: string): ScenarioRecord | undefined {
  try {
    return record.parse(JSON.parse(readFileSync(fileIn(dataDir), 'utf8')));
  } catch {
    return undefined;
  }
}

export function writeRecord(dataDir: string, content: ScenarioRecord): void {
  const draft = `${fileIn(dataDir)}.new`;
  writeFileSync(draft, `${JSON.stringify(content, undefined, 2)}\n`);
  renameSync(draft, fileIn(dataDir));
}

/** Throws StackError when the folder holds another world. */
export function refuseAnother(dataDir: string, { seed, accounts, hubs }: WorldSize): void {
  const kept = readRecord(dataDir);
  if (!kept || (kept.seed === seed && kept.accounts === accounts && kept.hubs === hubs)) return;
  throw new StackError(
    `${dataDir} holds the scenario of seed ${kept.seed} with ${kept.accounts} accounts and ${kept.hubs} hubs`,
    'start with those, choose another folder with --data, or remove this one',
  );
}
