/**
 * The barrier key: every secret file of the key holder is AES-256-GCM under it, bound to its name. It is never on a disk itself, only
 * wrapped under the unseal key, which exists as people's shares alone (or, in development, in a local file).
 */
import { randomBytes } from 'node:crypto';
import { inspect } from 'node:util';
import { frame, labels } from '#contracts';
import { BOX_OVERHEAD, openBox, sealBox } from '#platform';

const keyBytes = 32;
export const WRAPPED_BYTES = keyBytes + BOX_OVERHEAD;

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
    return sealBox(unsealKey, frame(labels.barrierKey, ceremony), this.#key);
  }

  /** @param name of the file, from the secrets folder on */
  seal(name: string, bytes: Uint8Array): Uint8Array {
    return sealBox(this.#key, frame(labels.secretFile, name), bytes);
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

function open(key: Uint8Array, additional: Uint8Array, sealed: Uint8Array, what: string): Uint8Array {
  try {
    return openBox(key, additional, sealed);
  } catch {
    throw new BarrierRefused(what);
  }
}
