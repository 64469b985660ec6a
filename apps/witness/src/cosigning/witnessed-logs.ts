/** `WITNESS_LOGS_FILE`: JSON [{origin, vkey}], the logs this witness cosigns and the key of each. */
import { readFileSync } from 'node:fs';
import { parseVkey, type NoteVerifier } from '#audit';
import { witnessedLogsFile } from '#contracts';

/** Origin → key. @throws for whatever does not fit */
export function readWitnessedLogs(file: string): ReadonlyMap<string, NoteVerifier> {
  const logs = witnessedLogsFile.parse(JSON.parse(readFileSync(file, 'utf8')));
  const known = new Map(logs.map(({ origin, vkey }) => [origin, parseVkey(vkey)]));
  if (known.size !== logs.length || [...known].some(([origin, { name, kind }]) => name !== origin || kind !== 'signature'))
    throw new RangeError('one key for each log, under its name');
  return known;
}
