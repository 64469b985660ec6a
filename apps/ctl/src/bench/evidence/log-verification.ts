/**
 * How long an auditor waits: a log of 100,000 entries, written as `ctl audit export` writes it, read back and verified as `ctl audit verify`
 * does — every line parsed, every leaf hashed, the root compared with a checkpoint that two witnesses have cosigned.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { checkpointText, cosign, leafBytes, merkleRoot, NoteVerifier, signNote, verifyLog, type LogTrust } from '#audit';
import { generateSigningKey } from '#platform';
import { AuditFolder } from '../../audit/audit-folder.js';

const origin = 'nymtally/audit/bench';
const secondsOfCosigning = 1_700_000_000;

/** @returns seconds of each run. @throws Error when the log is not found sound */
export async function verifyLogRuns(entries: number, runs: number): Promise<number[]> {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'nymtally-bench-log-'));
  try {
    const files = new AuditFolder(folder);
    const trust = await writeLog(files, entries);
    const seconds: number[] = [];
    for (let run = 0; run < runs; run++) {
      const begun = performance.now();
      const verdict = await verifyLog(files.leaves(), [files.checkpoint()], trust);
      seconds.push((performance.now() - begun) / 1_000);
      if (!verdict.isSound || verdict.size !== entries) throw new Error('the log that was written is not found sound');
    }
    return seconds;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function writeLog(files: AuditFolder, entries: number): Promise<LogTrust> {
  const log = { name: origin, key: generateSigningKey() };
  const witnesses = ['one', 'two'].map((name) => ({ name: `witness.example/${name}`, key: generateSigningKey() }));
  const leaves = Array.from({ length: entries }, (_, index) => leafAt(index));
  const text = checkpointText({ origin, size: entries, root: merkleRoot(leaves) });
  const cosignatures = witnesses.map((witness) => cosign(text, witness, secondsOfCosigning));
  await files.write(each(leaves), signNote(text, log) + cosignatures.join(''));
  return {
    log: new NoteVerifier(log.name, log.key.publicKey),
    witnesses: witnesses.map(({ name, key }) => new NoteVerifier(name, key.publicKey, 'cosignature')),
    needed: witnesses.length,
  };
}

/** Acts and their completion in turn: as long as the log's own entries. */
const leafAt = (index: number): Uint8Array =>
  leafBytes(
    index % 2 === 1
      ? { v: 1, index, day: 20_000, type: 'completed', of: index - 1 }
      : {
          ...{ v: 1, index, day: 20_000, type: 'executed', announced: true, kind: 'break-glass' },
          ...{ request: String(index).padStart(43, 'A'), requester: 'operator-1', approvers: ['lead-1', 'lead-2'], people: 3 },
        },
  );

async function* each(leaves: readonly Uint8Array[]): AsyncGenerator<Uint8Array> {
  yield* leaves;
}
