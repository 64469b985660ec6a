/** Whose signatures a log must carry: the pinned key holder and the pinned log witnesses. Everything an auditor needs besides the files. */
import { readFileSync } from 'node:fs';
import { NoteRefused, openCheckpoint, parseVkey, type Checkpoint, type LogTrust } from '#audit';
import { logWitnessesFile } from '#contracts';
import type { Session } from '../command/session.js';
import { generationOf, trustIn } from './generations.js';
import { logVerifierIn } from '../stack/log-files.js';
import { StackError } from '../stack/stack-error.js';

/** Throws StackError. */
export function trustOf({ keyholderPinFile, logWitnessesFile: file }: Session): LogTrust {
  const log = logVerifierIn(keyholderPinFile);
  try {
    const { needed, witnesses } = logWitnessesFile.parse(JSON.parse(readFileSync(file, 'utf8')));
    return { log, needed, witnesses: witnesses.map(({ vkey }) => parseVkey(vkey)) };
  } catch {
    throw new StackError(`${file} names no log witnesses`, 'run `npm start` first, or set CTL_LOG_WITNESSES_FILE');
  }
}

/** What was remembered of an earlier run: a checkpoint with all its signatures. Undefined when there is no file. Throws StackError. */
export function rememberedIn(file: string, trust: LogTrust): Checkpoint | undefined {
  let note: string;
  try {
    note = readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
  try {
    return openCheckpoint(note, trustIn(trust, generationOf(note, trust) ?? 1)).checkpoint;
  } catch (error) {
    if (!(error instanceof NoteRefused)) throw error;
    throw new StackError(
      `${file} is no checkpoint of this log`,
      'name the file of an earlier run, or another one to begin afresh',
    );
  }
}
