/** Subject of a pseudonym: what a mint and a selector are bound to, without saying the pseudonym (protocol.md §3, step 2). */
import { frame, labels } from '#contracts';
import { sha256 } from './webcrypto.js';

export const SALT_LENGTH = 16;
export const SUBJECT_LENGTH = 32;

/** H(salt ‖ URI ‖ H(SPKI)), 32 bytes. `spki` is the DER of the pseudonym's first key. */
export const subjectOf = async (salt: Uint8Array, uri: string, spki: Uint8Array): Promise<Uint8Array> =>
  sha256(frame(labels.subject, salt, uri, await sha256(spki)));
