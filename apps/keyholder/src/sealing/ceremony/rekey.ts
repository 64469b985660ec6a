/**
 * New shares for the same secrets, in two phases. `begin`: people with the old shares open the barrier, new shares are made and given
 * out; the old ones go on to unseal. `confirm`: every new share is proven, and takes over in one write. Killed anywhere, one ceremony is
 * whole: the old one until `confirm` has written, the new one afterwards.
 */
import { unlockShare } from '#platform';
import { writeSecretFile } from '../../keys/secret-files.js';
import { handOut } from './hand-out.js';
import type { LockedShare, RekeyRequest } from './requests.js';
import { readSharedRecord, writeSealRecord } from './seal-record.js';
import type { SharedCeremony } from './seal-record.js';
import { isShareOf, openWith, proveAll } from './shares.js';

/** @returns the ceremony that the request was about. @throws Error in one line for the people at the table */
export async function rekey(secretsDir: string, request: RekeyRequest, write = writeSecretFile): Promise<SharedCeremony> {
  const { pending, ...record } = await readSharedRecord(secretsDir);
  if (request.phase === 'begin') {
    const old = await unlockAll(record.current, request.old);
    try {
      if (old.size < record.current.threshold)
        throw new Error(`${old.size} shares are too few: ${record.current.threshold} people must take part`);
      const barrier = await openWith(record.current, [...old.values()].slice(0, record.current.threshold));
      const next = await handOut(secretsDir, barrier, request.ceremony, write);
      await writeSealRecord(secretsDir, { ...record, pending: next }, write);
      return next;
    } finally {
      wipe(old);
    }
  }
  if (!pending) throw new Error('no rekey was begun');
  if (request.phase === 'cancel') {
    await writeSealRecord(secretsDir, record, write);
    return record.current;
  }
  const shares = await unlockAll(pending, request.shares);
  try {
    const missing = pending.commitments.flatMap((_, i) => (shares.has(i + 1) ? [] : [i + 1]));
    if (missing.length > 0) throw new Error(`every new share must be proven; missing: ${missing.join(', ')}`);
    await proveAll(
      pending,
      pending.commitments.map((_, i) => shares.get(i + 1) as Uint8Array),
    );
    await writeSealRecord(secretsDir, { ...record, current: pending }, write);
    return pending;
  } finally {
    wipe(shares);
  }
}

/** By index. One after the other: each costs 128 MiB. @throws Error naming the person whose share is not one of the ceremony */
async function unlockAll(ceremony: SharedCeremony, locked: readonly LockedShare[]): Promise<Map<number, Uint8Array>> {
  const shares = new Map<number, Uint8Array>();
  try {
    for (const { file, passphrase } of locked) {
      const of = `the share of ${file.person}`;
      if (file.ceremony !== ceremony.ceremony) throw new Error(`${of} is of another ceremony`);
      if (shares.has(file.index)) throw new Error(`${of} is there twice`);
      const share = await unlockShare(file, passphrase).catch((error: Error) => {
        throw new Error(`${of} did not open: ${error.message}`);
      });
      shares.set(file.index, share);
      if (!isShareOf(ceremony, file.index, share)) throw new Error(`${of} is not the one that was given out`);
    }
    return shares;
  } catch (error) {
    wipe(shares);
    throw error;
  }
}

function wipe(shares: ReadonlyMap<number, Uint8Array>): void {
  for (const share of shares.values()) share.fill(0);
}
