/**
 * How far the log witnesses have seen this key holder come, in each of its generations. What they answer counts only with this key
 * holder's own signature, so no witness can make it begin afresh for nothing; one that keeps silent about a head can hide it.
 */
import { NoteRefused, NoteVerifier, openCheckpoint } from '#audit';
import { auditOrigin, generationIn, logHeads } from '#contracts';
import type { TlsIdentity } from '#platform';
import type { LogWitnesses } from '../audit/cosigning/log-witnesses.js';
import { linkTo } from '../audit/cosigning/witness-link.js';
import type { SeenCheckpoint } from './generation-rules.js';

export interface SeenHead extends SeenCheckpoint {
  readonly note: string;
}

/** Reads one address. Rejects when nobody answers, or not with success. */
export type ReadHeads = (url: string, path: string, signal: AbortSignal) => Promise<unknown>;

export interface LogOwner {
  readonly keyHolderId: string;
  readonly rootKey: Uint8Array;
}

/** @returns what is proven, and how many witnesses have answered within the time */
export async function askHeads(
  { witnesses }: LogWitnesses,
  owner: LogOwner,
  read: ReadHeads,
  timeoutMs: number,
): Promise<{ heads: SeenHead[]; answered: number }> {
  const path = `log-heads?origin=${encodeURIComponent(auditOrigin(owner.keyHolderId))}`;
  const signal = AbortSignal.timeout(timeoutMs);
  const answers = await Promise.allSettled(witnesses.map(async ({ url }) => logHeads.parse(await read(url, path, signal)).heads));
  const told = answers.flatMap((answer) => (answer.status === 'fulfilled' ? [answer.value] : []));
  return { heads: told.flat().flatMap((note) => provenHead(note, owner) ?? []), answered: told.length };
}

export function provenHead(note: string, { keyHolderId, rootKey }: LogOwner): SeenHead | undefined {
  const origin = note.slice(0, note.indexOf('\n'));
  const generation = generationIn(origin, auditOrigin(keyHolderId));
  if (generation === undefined) return undefined;
  try {
    const { checkpoint } = openCheckpoint(note, { log: new NoteVerifier(origin, rootKey), witnesses: [], needed: 0 });
    return { generation, size: checkpoint.size, root: checkpoint.root, note };
  } catch (error) {
    if (error instanceof NoteRefused) return undefined;
    throw error;
  }
}

export const readHeadsWith =
  (identity: TlsIdentity): ReadHeads =>
  async (url, path, signal) => {
    const link = linkTo(url, identity);
    try {
      const { status, body } = await link.request(path, { signal });
      if (status !== 200) throw new Error(`answered ${status}`);
      return JSON.parse(body);
    } finally {
      await link.close();
    }
  };
