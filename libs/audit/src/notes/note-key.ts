/**
 * Keys of signed notes (C2SP signed-note v1.0.0 "Verifier keys", tlog-cosignature v1.0.0 for the timestamped kind): Ed25519 only, since
 * ML-DSA is not in every supported Node. The name and 4-byte id of a key find it; what is trusted is the key itself, from configuration.
 */
import { concat, uint64, utf8 } from '#contracts';
import { sha256 } from '../trees/hashing.js';
import { verifyWith, type Verify } from './ed25519.js';
import { fromBase64, toBase64 } from './lines.js';
import { NoteRefused } from './note-refused.js';

/** Whoever signs: the signing key of libs/platform is one. */
export interface NoteSigner {
  /** Name of the key; for a log its origin. */
  readonly name: string;
  readonly key: {
    /** 32 bytes */
    readonly publicKey: Uint8Array;
    /** Ed25519, 64 bytes */
    sign(message: Uint8Array): Uint8Array;
  };
}

/** A log signs the text; a cosigner signs the text and the time. */
export type NoteKeyKind = 'signature' | 'cosignature';
const kindBytes: Readonly<Record<NoteKeyKind, number>> = { signature: 0x01, cosignature: 0x04 };
const signatureBytes = 64;
const timeBytes = 8;

export class NoteVerifier {
  /** First bytes of SHA-256(name ‖ newline ‖ kind ‖ key), 8 hex digits. */
  readonly id: string;
  readonly #verify: Verify;

  /** @param publicKey 32 bytes. @throws RangeError for a name with blanks or a plus sign, or a key of another length */
  constructor(
    readonly name: string,
    readonly publicKey: Uint8Array,
    readonly kind: NoteKeyKind = 'signature',
  ) {
    if (!isKeyName(name)) throw new RangeError('a key name has no blanks and no plus sign');
    this.id = Buffer.from(keyId(name, publicKey, kind)).toString('hex');
    this.#verify = verifyWith(publicKey);
  }

  /** @param signature what stands behind the key id: 64 bytes, or 8 of time and 64. */
  verify(text: string, signature: Uint8Array): boolean {
    if (this.kind === 'signature') return this.#verify(utf8(text), signature);
    const seconds = cosignedAt(signature);
    return seconds !== undefined && this.#verify(cosignedMessage(text, seconds), signature.subarray(timeBytes));
  }
}

/** What a cosigner signs (tlog-cosignature, "Ed25519 signed message"). */
export const cosignedMessage = (text: string, seconds: number): Uint8Array => utf8(`cosignature/v1\ntime ${seconds}\n${text}`);

export const timestamped = (seconds: number, signature: Uint8Array): Uint8Array => concat(uint64(seconds), signature);

/** POSIX seconds of a timestamped signature; undefined when it is none. */
export function cosignedAt(signature: Uint8Array): number | undefined {
  if (signature.length !== timeBytes + signatureBytes) return undefined;
  const seconds = Number(new DataView(signature.buffer, signature.byteOffset).getBigUint64(0));
  return Number.isSafeInteger(seconds) ? seconds : undefined;
}

export const keyId = (name: string, publicKey: Uint8Array, kind: NoteKeyKind): Uint8Array =>
  sha256(`${name}\n`, Uint8Array.of(kindBytes[kind]), publicKey).subarray(0, 4);

/** Names are found again in signature lines: nothing in them may end the name. */
export const isKeyName = (name: string): boolean => /^[^\s\p{Z}\p{Cc}+]{1,255}$/u.test(name) && name.isWellFormed();

/** name+id+base64(kind ‖ key), one line. */
export const vkeyText = ({ name, id, kind, publicKey }: Pick<NoteVerifier, 'name' | 'id' | 'kind' | 'publicKey'>): string =>
  `${name}+${id}+${toBase64(concat(Uint8Array.of(kindBytes[kind]), publicKey))}`;

/** @throws NoteRefused malformed: also for a kind of key that we cannot verify, and for an id that is not the key's */
export function parseVkey(text: string): NoteVerifier {
  const [, name = '', id, encoded = ''] = /^([^+]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/=]+)$/.exec(text.trim()) ?? [];
  const [first, ...publicKey] = fromBase64(encoded);
  const kind = (Object.keys(kindBytes) as NoteKeyKind[]).find((known) => kindBytes[known] === first);
  if (!kind || !isKeyName(name) || publicKey.length !== 32) throw new NoteRefused('malformed');
  const verifier = new NoteVerifier(name, Uint8Array.from(publicKey), kind);
  if (verifier.id !== id) throw new NoteRefused('malformed');
  return verifier;
}
