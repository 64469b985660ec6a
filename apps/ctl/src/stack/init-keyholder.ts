/** The key holder makes its own secrets, once, in its own process; out comes only the public pin that the others are given. */
import { copyFileSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import type { AppSpec } from './app-process.js';
import type { folders } from './app-specs.js';
import { keyholderPinFile as pin, pinWitnessedLogs } from './log-files.js';
import { runKeyholder } from './run-keyholder.js';
import { StackError } from './stack-error.js';

/** People who unseal, instead of a local file. */
export interface Ceremony {
  readonly threshold: number;
  readonly people: readonly { readonly person: string; readonly passphrase: string }[];
  readonly sharesDir: string;
}

/** `node main.js init`: keeps secrets that are there. Throws StackError. */
export async function initKeyholder(spec: AppSpec, at: ReturnType<typeof folders>, ceremony?: Ceremony): Promise<void> {
  mkdirSync(at.keyholderSecrets, { recursive: true, mode: 0o700 });
  try {
    const env = { NODE_ENV: 'development', ...spec.env };
    await runKeyholder([...spec.command, 'init'], env, ceremony ? { mode: 'shares', ...ceremony } : { mode: 'auto' });
  } catch (error) {
    throw new StackError(
      `the key holder could not make its secrets (${(error as Error).message})`,
      `check ${at.keyholderSecrets}`,
    );
  }
  copyFileSync(path.join(at.keyholderSecrets, pin), path.join(at.config, pin));
  pinWitnessedLogs(at);
}
