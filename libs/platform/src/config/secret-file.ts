/** Secrets come from files, named by `<PREFIX>_<NAME>_FILE`; an environment is printed by too many tools to hold one. */
import { readFileSync } from 'node:fs';
import { FieldError, required } from './field.js';
import type { Field } from './field.js';
import { Secret } from './secret.js';

/** Most bytes of a secret file: a wrong path should fail, not fill the memory. */
const MOST_BYTES = 1_000_000;

export const secretFile = (help: string): Field<Secret> => ({
  kind: 'path of a secret file',
  help,
  suffix: '_FILE',
  fallback: required,
  parse: readSecret,
  show: String,
});

function readSecret(file: string): Secret {
  let bytes: Uint8Array;
  try {
    bytes = readFileSync(file);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new FieldError(code === 'ENOENT' ? 'names a file that does not exist' : 'names a file that cannot be read');
  }
  if (bytes.length === 0) throw new FieldError('names an empty file');
  if (bytes.length > MOST_BYTES) throw new FieldError('names a file too large for a secret');
  return new Secret(bytes);
}
