/** Who witnesses which log, on one machine: the files that pin the key holder's log for the witness, and the witness for the key holder. */
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { NoteVerifier, vkeyText } from '#audit';
import { auditOrigin, fromBase64Url, logWitnessName } from '#contracts';
import type { folders } from './app-specs.js';
import type { NamedKey } from './keys.js';
import { StackError } from './stack-error.js';

type Folders = ReturnType<typeof folders>;

/** Names of the files in the configuration folder. */
export const logWitnessesFile = 'log-witnesses.json';
export const witnessedLogsFile = 'witnessed-logs.json';
export const keyholderPinFile = 'keyholder-public.json';

/** @param witness id of the witness, and the key with which it cosigns */
export const logWitnessesOf = ({ id, key }: NamedKey, url: string) => ({
  needed: 1,
  witnesses: [{ vkey: vkeyText(new NoteVerifier(logWitnessName(id), key.publicKey, 'cosignature')), url }],
});

/** The key that signs the log's checkpoints, from the public pin of a key holder. Throws StackError. */
export function logVerifierIn(pinFile: string): NoteVerifier {
  try {
    const { keyHolderId, rootKey } = JSON.parse(readFileSync(pinFile, 'utf8')) as { keyHolderId: string; rootKey: string };
    return new NoteVerifier(auditOrigin(keyHolderId), fromBase64Url(rootKey));
  } catch {
    throw new StackError(`${pinFile} is no pin of a key holder`, 'run `npm start` first, or set CTL_KEYHOLDER_PIN_FILE');
  }
}

/** Once the key holder has its keys: only then is it known what the witness is to cosign. */
export function pinWitnessedLogs(at: Folders): void {
  const log = logVerifierIn(path.join(at.config, keyholderPinFile));
  writeFileSync(
    path.join(at.config, witnessedLogsFile),
    JSON.stringify([{ origin: log.name, vkey: vkeyText(log) }], undefined, 2),
  );
}
