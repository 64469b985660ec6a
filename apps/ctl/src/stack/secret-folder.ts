/** A folder of secrets, one file each, 0600: made once, read ever after. */
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { StackError } from './stack-error.js';

export interface SecretText {
  readonly file: string;
  readonly text: string;
}

export class SecretFolder {
  constructor(readonly folder: string) {
    try {
      mkdirSync(folder, { recursive: true, mode: 0o700 });
      chmodSync(folder, 0o700);
    } catch (error) {
      throw notWritable(folder, error);
    }
  }

  /** The secret `name`, a relative path; `make` gives its text when there is none yet. */
  once(name: string, make: () => string): SecretText {
    const file = path.join(this.folder, name);
    try {
      mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 });
      if (!existsSync(file)) writeFileSync(file, make(), { mode: 0o600, flag: 'wx' });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw notWritable(file, error);
    }
    return { file, text: readFileSync(file, 'utf8').trim() };
  }
}

const notWritable = (where: string, error: unknown): StackError =>
  new StackError(
    `${where} cannot be written (${(error as NodeJS.ErrnoException).code})`,
    'give yourself write permission, or choose another folder with --data',
  );
