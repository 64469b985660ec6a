/** The person at this command line, with the two keys that are their own: one signs, the other opens what is sealed to them. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { fromBase64Url } from '#contracts';
import { signingKeyFromPem } from '#platform';
import type { SigningKey } from '#platform';
import type { Session } from '../command/session.js';
import { StackError } from '../stack/stack-error.js';

export interface Person {
  readonly id: string;
  readonly key: SigningKey;
  /** X25519, 32 bytes; read when it is needed, which is rarely. */
  sealKey(): Uint8Array;
}

/** @param as id on the command line: a person of the data folder. @throws StackError */
export function personAt({ config, at }: Session, as: string | undefined): Person {
  const { personKey, personSealKey } = config.secrets;
  const id = as ?? config.settings.personId;
  if (id === undefined) throw new StackError('who asks is not said', 'add --as <id>, or set CTL_PERSON_ID');
  const file = (ending: string) => path.join(at.keys, 'people', `${id}.${ending}`);
  const own = as === undefined || as === config.settings.personId;
  const pem = own && personKey ? personKey.text() : readKey(file('pem'), 'CTL_PERSON_KEY_FILE');
  return {
    id,
    key: keyFrom(pem, id),
    sealKey: () =>
      fromBase64Url((own && personSealKey ? personSealKey.text() : readKey(file('seal'), 'CTL_PERSON_SEAL_KEY_FILE')).trim()),
  };
}

function keyFrom(pem: string, id: string): SigningKey {
  try {
    return signingKeyFromPem(pem);
  } catch {
    throw new StackError(`the key of ${id} is no Ed25519 key in PEM`, 'make one with `openssl genpkey -algorithm ed25519`');
  }
}

function readKey(file: string, setting: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new StackError(
      `${file} cannot be read (${(error as NodeJS.ErrnoException).code})`,
      `check the id, or set CTL_PERSON_ID and ${setting}`,
    );
  }
}
