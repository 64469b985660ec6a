/**
 * The barrier key: every secret file of the key holder is AES-256-GCM under it, bound to its name. It is never on a disk itself, only
 * wrapped under the unseal key, which exists as people's shares alone (or, in development, in a local file).
 */
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { inspect } from 'node:util';
import { concat, frame, labels } from '#contracts';

const keyBytes = 32;
const nonceBytes = 12;
const tagBytes = 16;
export const WRAPPED_BYTES = nonceBytes + keyBytes + tagBytes;

/** Bytes that were not sealed here under this name, or were changed since. */
export class BarrierRefused extends Error {
  override readonly name = 'BarrierRefused';
  constructor(what: string) {
    super(`${what} is damaged, or belongs to another key holder`);
  }
}

export class Barrier {
  readonly #key: Uint8Array;

  private constructor(key: Uint8Array) {
    this.#key = key;
  }

  static fresh(): Barrier {
    return new Barrier(new Uint8Array(randomBytes(keyBytes)));
  }

  /** @param unsealKey 32 bytes; overwrite yours. @throws BarrierRefused */
  static unwrap(unsealKey: Uint8Array, ceremony: string, wrapped: Uint8Array): Barrier {
    return new Barrier(open(unsealKey, frame(labels.barrierKey, ceremony), wrapped, 'seal.json'));
  }

  /** 60 bytes, for the seal record of this ceremony. */
  wrappedUnder(unsealKey: Uint8Array, ceremony: string): Uint8Array {
    return seal(unsealKey, frame(labels.barrierKey, ceremony), this.#key);
  }

  /** nonce ‖ ciphertext ‖ tag. @param name of the file, from the secrets folder on */
  seal(name: string, bytes: Uint8Array): Uint8Array {
    return seal(this.#key, frame(labels.secretFile, name), bytes);
  }

  /** @throws BarrierRefused */
  open(name: string, sealed: Uint8Array): Uint8Array {
    return open(this.#key, frame(labels.secretFile, name), sealed, name);
  }

  toJSON(): string {
    return '[secret]';
  }

  [inspect.custom](): string {
    return 'Barrier([secret])';
  }
}

function seal(key: Uint8Array, additional: Uint8Array, bytes: Uint8Array): Uint8Array {
  const nonce = randomBytes(nonceBytes);
  const cipher = createCipheriv('aes-256-gcm', key, nonce, { authTagLength: tagBytes }).setAAD(additional);
  return concat(nonce, cipher.update(bytes), cipher.final(), cipher.getAuthTag());
}

function open(key: Uint8Array, additional: Uint8Array, sealed: Uint8Array, what: string): Uint8Array {
  if (sealed.length < nonceBytes + tagBytes) throw new BarrierRefused(what);
  const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(0, nonceBytes), { authTagLength: tagBytes });
  decipher.setAAD(additional).setAuthTag(sealed.subarray(-tagBytes));
  try {
    const part = decipher.update(sealed.subarray(nonceBytes, -tagBytes));
    const bytes = concat(part, decipher.final());
    part.fill(0);
    return bytes;
  } catch {
    throw new BarrierRefused(what);
  }
}
