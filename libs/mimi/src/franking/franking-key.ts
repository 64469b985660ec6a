/**
 * A hub's `franking_signature_key` and what its signature shows: this hub says that it took *a* message with this frank from this sender
 * in this room at this time. Never that the message said what a report says: the frank's own key is the hub's alone.
 *
 * MLS cipher suites 1 to 7 (RFC 9420 §17.1): raw keys of Ed25519 and Ed448, uncompressed points of P-256, P-384 and P-521 with DER
 * signatures (RFC 9420 §5.1.1, §5.1.2). Needs Node.
 */
import { createPublicKey, verify } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { concat } from '#contracts';
import type { Frank } from '../reports/abuse-report.js';
import { frankingMessage } from './franking-context.js';
import type { FrankingContext } from './franking-context.js';

interface Scheme {
  /** SubjectPublicKeyInfo up to the key's own bytes. */
  readonly spkiPrefix: Uint8Array;
  readonly keyBytes: number;
  /** null: the signature scheme hashes by itself */
  readonly hash: 'sha256' | 'sha384' | 'sha512' | null;
}

const scheme = (spkiPrefix: string, keyBytes: number, hash: Scheme['hash']): Scheme => ({
  spkiPrefix: new Uint8Array(Buffer.from(spkiPrefix, 'hex')),
  keyBytes,
  hash,
});
const ed25519 = scheme('302a300506032b6570032100', 32, null);
const ed448 = scheme('3043300506032b6571033a00', 57, null);
const p256 = scheme('3059301306072a8648ce3d020106082a8648ce3d030107034200', 65, 'sha256');
const p384 = scheme('3076301006072a8648ce3d020106052b81040022036200', 97, 'sha384');
const p521 = scheme('30819b301006072a8648ce3d020106052b8104002303818600', 133, 'sha512');
/** By number; 0 is reserved. */
const suites: readonly (Scheme | undefined)[] = [undefined, ed25519, p256, ed25519, ed448, p521, ed448, p384];

export class FrankingKey {
  private constructor(
    readonly suite: number,
    private readonly scheme: Scheme,
    private readonly key: KeyObject,
  ) {}

  /** @param bytes in the MLS encoding. @returns undefined when they are no public key of that cipher suite */
  static read(suite: number, bytes: Uint8Array): FrankingKey | undefined {
    const found = suites[suite];
    if (found?.keyBytes !== bytes.length || (found.hash !== null && bytes[0] !== 0x04)) return undefined;
    try {
      const key = createPublicKey({ key: Buffer.from(concat(found.spkiPrefix, bytes)), format: 'der', type: 'spki' });
      return new FrankingKey(suite, found, key);
    } catch {
      return undefined; // a point that is not on its curve
    }
  }

  /** Does the hub with this key attest sender, room and time of the message with this frank? */
  attests(frank: Frank, context: FrankingContext): boolean {
    if (frank.cipherSuite !== this.suite) return false;
    return verify(this.scheme.hash, frankingMessage(frank, context), this.key, frank.integritySignature);
  }
}
