/** The key holder makes its own secrets, once, in its own process; out comes only the public pin that the others are configured with. */
import { execFile } from 'node:child_process';
import { copyFileSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { childEnvironment } from '../config.js';
import type { AppSpec } from './app-process.js';
import type { folders } from './app-specs.js';
import { reasonIn } from './reason.js';
import { StackError } from './stack-error.js';

const pin = 'keyholder-public.json';

/** `node main.js init`: keeps secrets that are there. Throws StackError. */
export async function initKeyholder(spec: AppSpec, at: ReturnType<typeof folders>): Promise<void> {
  mkdirSync(at.keyholderSecrets, { recursive: true, mode: 0o700 });
  try {
    await promisify(execFile)(process.execPath, [...spec.command, 'init'], {
      env: { ...childEnvironment(), NODE_ENV: 'development', ...spec.env },
    });
  } catch (error) {
    const { stderr, message } = error as Error & { stderr?: string };
    const reason = reasonIn(stderr || message);
    throw new StackError(`the key holder could not make its secrets (${reason})`, `check ${at.keyholderSecrets}`);
  }
  copyFileSync(path.join(at.keyholderSecrets, pin), path.join(at.config, pin));
}
