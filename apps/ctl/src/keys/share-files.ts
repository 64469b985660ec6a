/** Share files as people bring them. A share is opened on the machine of the person it belongs to. */
import { readFileSync } from 'node:fs';
import type { CeremonyState, ShareFile } from '#contracts';
import { fromBase64Url, sameBytes } from '#contracts';
import { readShareFile, shareCommitment, unlockShare } from '#platform';
import { StackError } from '../stack/stack-error.js';

/** @throws StackError */
export function shareFileAt(file: string): ShareFile {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    throw new StackError(`${file} cannot be read (${(error as NodeJS.ErrnoException).code})`, 'check the path');
  }
  try {
    return readShareFile(text);
  } catch {
    throw new StackError(`${file} is no share file`, 'take the file that the ceremony gave to this person');
  }
}

export type Rehearsed = 'proven' | 'of another ceremony' | 'does not open' | 'not the share that was given out';

/** Does this file, with this passphrase, hold the share that the ceremony gave to its place? The share is overwritten here. */
export async function rehearse(file: ShareFile, passphrase: string, state: CeremonyState): Promise<Rehearsed> {
  if (file.ceremony !== state.ceremony) return 'of another ceremony';
  const share = await unlockShare(file, passphrase).catch(() => undefined);
  if (!share) return 'does not open';
  const known = state.commitments[file.index - 1];
  const isIt = known !== undefined && sameBytes(fromBase64Url(known), shareCommitment(file.ceremony, file.index, share));
  share.fill(0);
  return isIt ? 'proven' : 'not the share that was given out';
}
