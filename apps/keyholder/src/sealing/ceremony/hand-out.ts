/**
 * Makes the shares of a ceremony and writes one locked file per person, with the ceremony in its name: a later ceremony overwrites no
 * earlier share. Only when all are on the disk may anything depend on them.
 */
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { lockShare } from '#platform';
import { writeSecretFile } from '../../keys/secret-files.js';
import type { Barrier } from '../barrier.js';
import type { CeremonyRequest } from './requests.js';
import type { SharedCeremony } from './seal-record.js';
import { shareOut } from './shares.js';

/** @returns what the seal record says of it. @throws Error when the shares would lie beside what they open */
export async function handOut(
  secretsDir: string,
  barrier: Barrier,
  { threshold, people, sharesDir }: CeremonyRequest,
  write = writeSecretFile,
): Promise<SharedCeremony> {
  if (isInside(secretsDir, sharesDir)) throw new Error('the shares need another folder than the secrets they open');
  await mkdir(sharesDir, { recursive: true, mode: 0o700 });
  const { record, shares } = await shareOut(barrier, threshold, people.length);
  try {
    for (const [i, { person, passphrase }] of people.entries()) {
      const head = { ceremony: record.ceremony, index: i + 1, threshold, shares: people.length, person };
      const text = await lockShare(head, shares[i] as Uint8Array, passphrase);
      await write(path.join(sharesDir, shareFileName(person, record.ceremony)), text);
    }
    return record;
  } finally {
    for (const share of shares) share.fill(0);
  }
}

export const shareFileName = (person: string, ceremony: string): string => `share-${person}-${ceremony.slice(0, 8)}.json`;

const isInside = (folder: string, other: string): boolean => {
  const way = path.relative(path.resolve(folder), path.resolve(other));
  return !way.startsWith('..') && !path.isAbsolute(way);
};
