/**
 * The SEAL secret key at work, synchronous, inside one worker thread. The only file that decrypts.
 *
 * A decrypted `Plaintext` is never saved or measured: its trimmed length would tell a slot. What leaves are fixed-length slot vectors,
 * slots and faults; `invariantNoiseBudget` is compared here and never returned, since asking it about crafted ciphertexts leaks the key.
 */
import { noiseFloorBits, scope, type ByteChecks, byteChecks, type SealSession } from '#he';
import type { Ciphertext, Decryptor, Encryptor } from 'node-seal';
import type { TallyFault } from './refusals.js';
import type { TallyBound } from './secret-scheme.js';
import { boundFault, noiseFault, oneHotSlot, slotsFault } from './tally-checks.js';

export class SealSecret {
  readonly #session: SealSession;
  readonly #checks: ByteChecks;
  readonly #freshBudgetBits: number;
  readonly #encryptor: Encryptor;
  readonly #decryptor: Decryptor;

  /** @param key as `generateKey` made it. Handles live as long as the worker. */
  constructor(session: SealSession, key: Uint8Array, freshBudgetBits: number) {
    const { seal, context } = session;
    this.#session = session;
    this.#checks = byteChecks(session.set);
    this.#freshBudgetBits = freshBudgetBits;
    const secretKey = new seal.SecretKey();
    secretKey.loadFromArray(context, key);
    const generator = new seal.KeyGenerator(context, secretKey);
    const publicKey = generator.createPublicKey();
    this.#encryptor = new seal.Encryptor(context, publicKey, secretKey);
    this.#decryptor = new seal.Decryptor(context, secretKey);
    for (const handle of [publicKey, generator, secretKey]) handle.delete();
  }

  /** Seeded and symmetric: c1 is stored as its 64-byte seed, fresh from the system's randomness. */
  encrypt(slot: number): Uint8Array<ArrayBuffer> {
    const { seal, set, encoder } = this.#session;
    if (!(slot >= 0 && slot < set.slots)) throw new RangeError('slot out of range');
    return scope((own) => {
      const slots = new BigUint64Array(set.slots);
      slots[slot] = 1n;
      const oneHot = own(new seal.Plaintext());
      encoder.encode(slots, oneHot);
      return own(this.#encryptor.encryptSymmetricSerializable(oneHot)).saveToArray(
        seal.ComprModeType.none,
      ) as Uint8Array<ArrayBuffer>;
    });
  }

  /** @returns undefined unless the bytes are a one-hot selector. No noise check: only signed selectors come here, and it costs a third. */
  slotOf(bytes: Uint8Array): number | undefined {
    if (this.#checks.selectorFault(bytes)) return undefined;
    return this.#withLoaded(bytes, (ciphertext) => oneHotSlot(this.#decrypt(ciphertext)));
  }

  openSum(bytes: Uint8Array, bound: TallyBound): Uint32Array<ArrayBuffer> | TallyFault {
    if (this.#checks.sumFault(bytes)) return 'bytes';
    const fault = boundFault(bound);
    if (fault) return fault;
    return this.#withLoaded(bytes, (ciphertext) => {
      const noise = noiseFault(this.#decryptor.invariantNoiseBudget(ciphertext), this.#freshBudgetBits, bound);
      const slots = this.#decrypt(ciphertext);
      return noise ?? slotsFault(slots, bound) ?? slots;
    });
  }

  /** Whether the sum has at least the floor of noise budget left. @param bytes of an own sum, never of anybody else's. */
  aboveFloor(bytes: Uint8Array): boolean {
    return this.#withLoaded(bytes, (ciphertext) => this.#decryptor.invariantNoiseBudget(ciphertext) >= noiseFloorBits);
  }

  /** Least budget over fresh selectors of slots spread over the cohort, bits. */
  calibrate(encryptions: number): number {
    const { slots } = this.#session.set;
    const budgets = Array.from({ length: encryptions }, (_, i) => {
      const bytes = this.encrypt(Math.floor((i * slots) / encryptions));
      return this.#withLoaded(bytes, (ciphertext) => this.#decryptor.invariantNoiseBudget(ciphertext));
    });
    return Math.min(...budgets);
  }

  #withLoaded<R>(bytes: Uint8Array, use: (ciphertext: Ciphertext) => R): R {
    const ciphertext = new this.#session.seal.Ciphertext();
    try {
      this.#session.read(bytes, ciphertext);
      return use(ciphertext);
    } finally {
      ciphertext.delete();
    }
  }

  #decrypt(ciphertext: Ciphertext): Uint32Array<ArrayBuffer> {
    const { seal, encoder } = this.#session;
    return scope((own) => {
      const plaintext = own(new seal.Plaintext());
      this.#decryptor.decrypt(ciphertext, plaintext);
      return lowHalves(encoder.decodeBigUint64(plaintext) as BigUint64Array);
    });
  }
}

/** Slots are below t < 2^32; going through bigints would cost as much as the decryption. */
function lowHalves(words: BigUint64Array): Uint32Array<ArrayBuffer> {
  const halves = new Uint32Array(words.buffer, words.byteOffset, 2 * words.length);
  const low = new Uint32Array(words.length);
  for (let i = 0; i < low.length; i++) low[i] = halves[2 * i] as number;
  return low;
}

/** @returns a fresh secret key as SEAL saves it. */
export function generateKey({ seal, context }: SealSession): Uint8Array {
  return scope((own) => own(own(new seal.KeyGenerator(context)).secretKey()).saveToArray(seal.ComprModeType.none) as Uint8Array);
}
