/**
 * A person's share in a file of its own: AES-256-GCM under scrypt (RFC 7914) of the passphrase. What stands in the open beside it is
 * authenticated with it, so a share cannot be given another place or ceremony. Knows no key that a share is part of.
 */
import { createHash, randomBytes, scrypt } from 'node:crypto';
import { canonicalBytes, frame, fromBase64Url, labels, shareFile, shareScrypt, toBase64Url } from '#contracts';
import type { ShareFile } from '#contracts';
import { openBox, sealBox } from './sealed-box.js';

/** What a share is, without its bytes. */
export type ShareHead = Pick<ShareFile, 'ceremony' | 'index' | 'threshold' | 'shares' | 'person'>;

/** Shorter ones are guessed offline, whatever scrypt costs. */
export const SHORTEST_PASSPHRASE = 12;

/** 128 × N × r bytes, and room for what is beside them. */
const scryptMemory = 2 * 128 * shareScrypt.N * shareScrypt.r;

/** The passphrase does not fit the file, or the file is not as it was made. Nobody can tell which. */
export class ShareLocked extends Error {
  override readonly name = 'ShareLocked';
  constructor() {
    super('the passphrase does not fit, or the file was changed');
  }
}

/** @param share is not kept. @returns the text of the file. @throws RangeError for a short passphrase */
export async function lockShare(head: ShareHead, share: Uint8Array, passphrase: string): Promise<string> {
  const { ceremony, index, threshold, shares, person } = head;
  const open = {
    v: 1,
    ceremony,
    index,
    threshold,
    shares,
    person,
    scrypt: { ...shareScrypt, salt: toBase64Url(randomBytes(16)) },
  } as const;
  const key = await keyOf(passphrase, open.scrypt.salt);
  const box = sealBox(key, additional(open), share);
  key.fill(0);
  return `${JSON.stringify(shareFile.parse({ ...open, box: toBase64Url(box) }), undefined, 2)}\n`;
}

/** @returns the share; overwrite it after use. @throws ShareLocked */
export async function unlockShare(file: ShareFile, passphrase: string): Promise<Uint8Array> {
  const { box, ...open } = file;
  const key = await keyOf(passphrase, open.scrypt.salt);
  try {
    return openBox(key, additional(open), fromBase64Url(box));
  } catch {
    throw new ShareLocked();
  } finally {
    key.fill(0);
  }
}

/** @throws RangeError when the text is no share file */
export function readShareFile(text: string): ShareFile {
  try {
    return shareFile.parse(JSON.parse(text));
  } catch {
    throw new RangeError('is no share file');
  }
}

/** 32 bytes that say which share it is and nothing about it: a share has 32 random bytes. */
export const shareCommitment = (ceremony: string, index: number, share: Uint8Array): Uint8Array =>
  new Uint8Array(
    createHash('sha256')
      .update(frame(labels.shareCommitment, ceremony, index, share))
      .digest(),
  );

const additional = (open: Omit<ShareFile, 'box'>): Uint8Array => frame(labels.shareFile, canonicalBytes(open));

/** The same words typed on another keyboard are the same passphrase: NFKC (RFC 8265). */
function keyOf(passphrase: string, salt: string): Promise<Buffer> {
  const words = passphrase.normalize('NFKC');
  if (words.length < SHORTEST_PASSPHRASE) {
    return Promise.reject(new RangeError(`a passphrase has ${SHORTEST_PASSPHRASE} characters or more`));
  }
  return new Promise((resolve, reject) => {
    const { N, r, p } = shareScrypt;
    scrypt(words, fromBase64Url(salt), 32, { N, r, p, maxmem: scryptMemory }, (error, key) =>
      error ? reject(error) : resolve(key),
    );
  });
}
