/** What every command gets: the session of the data folder that was chosen, and where to print. Tests bring their own. */
import type { Command } from 'commander';
import type { Session } from './session.js';

export interface Context {
  /** Reads the configuration; throws ConfigError. */
  session(command: Command): Session;
  print(text: string): void;
  now(): Date;
  /** The process ends with this code when everything else is done. */
  exitWith(code: number): void;
}

/** Every command explains itself with an example. */
export const example = (...lines: readonly string[]): string =>
  `\nExample:\n${lines.map((line) => `  npm run ctl -- ${line}`).join('\n')}`;
