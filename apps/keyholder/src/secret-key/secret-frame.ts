/**
 * The unsealed secret as bytes: version ‖ fresh budget ‖ name length ‖ set name ‖ SEAL secret key ‖ SHA-256 of all before it.
 * The digest finds damage; secrecy and authenticity are the sealing's, which wraps this frame.
 */
import { createHash } from 'node:crypto';
import { SecretUnreadable } from './refusals.js';

export interface Secret {
  readonly setName: string;
  /** Least noise budget over several fresh selectors, calibrated when the key was made; bits. */
  readonly freshBudgetBits: number;
  /** Empty for the plain twin. */
  readonly key: Uint8Array;
}

const version = 1;
const digestBytes = 32;
const nameAt = 3;

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest();

export function frameSecret({ setName, freshBudgetBits, key }: Secret): Uint8Array<ArrayBuffer> {
  const name = new TextEncoder().encode(setName);
  const frame = new Uint8Array(nameAt + name.length + key.length + digestBytes);
  frame.set([version, freshBudgetBits, name.length]);
  frame.set(name, nameAt);
  frame.set(key, nameAt + name.length);
  frame.set(sha256(frame.subarray(0, -digestBytes)), frame.length - digestBytes);
  return frame;
}

/** @returns views into `frame`. @throws SecretUnreadable when damaged or of another set. */
export function readSecret(frame: Uint8Array, setName: string): Secret {
  if (frame.length < nameAt + digestBytes) throw new SecretUnreadable();
  const digest = sha256(frame.subarray(0, -digestBytes));
  const [found, freshBudgetBits = 0, nameLength = 0] = frame;
  if (found !== version || !digest.equals(frame.subarray(-digestBytes))) throw new SecretUnreadable();
  const name = new TextDecoder().decode(frame.subarray(nameAt, nameAt + nameLength));
  if (name !== setName) throw new SecretUnreadable();
  return { setName, freshBudgetBits, key: frame.subarray(nameAt + nameLength, -digestBytes) };
}
