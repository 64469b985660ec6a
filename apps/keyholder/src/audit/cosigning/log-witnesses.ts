/** Whose cosignatures make an entry evidence: `KEYHOLDER_LOG_WITNESSES_FILE`, pinned by the operator. Public keys and addresses. */
import { readFileSync } from 'node:fs';
import type { NoteVerifier } from '#audit';
import { parseVkey } from '#audit';
import { logWitnessesFile } from '#contracts';

export interface LogWitness {
  readonly verifier: NoteVerifier;
  /** Submission prefix, without a slash at its end. */
  readonly url: string;
}

export interface LogWitnesses {
  /** So many must have cosigned. */
  readonly needed: number;
  readonly witnesses: readonly LogWitness[];
}

/** @throws Error with one clear line */
export function readLogWitnesses(file: string): LogWitnesses {
  try {
    const { needed, witnesses } = logWitnessesFile.parse(JSON.parse(readFileSync(file, 'utf8')));
    const read = witnesses.map(({ vkey, url }) => ({ verifier: cosignerOf(vkey), url: url.replace(/\/$/, '') }));
    const keys = new Set(read.map(({ verifier }) => Buffer.from(verifier.publicKey).toString('hex')));
    if (needed > keys.size) throw new RangeError('fewer witnesses than needed');
    return { needed, witnesses: read };
  } catch {
    throw new Error(`${file} must be {needed, witnesses: [{vkey, url}]}: as many different witnesses as are needed, or more`);
  }
}

function cosignerOf(vkey: string): NoteVerifier {
  const verifier = parseVkey(vkey);
  if (verifier.kind !== 'cosignature') throw new RangeError('not the key of a witness');
  return verifier;
}
