/**
 * One SEAL instance set up for one parameter set. Types only from node-seal: the factory is handed in by the worker entries, so that
 * no process loads SEAL by importing this library (registrar and nyms must never reach it). Knows no key.
 */
import type { BatchEncoder, Ciphertext, Evaluator, MainModule, SEALContext } from 'node-seal';
import type { BfvSet } from '../parameter-sets.js';
import { Handles, scope } from './scope.js';

export type SealFactory = () => Promise<MainModule>;

export interface SealSession {
  readonly seal: MainModule;
  readonly set: BfvSet;
  readonly context: SEALContext;
  readonly evaluator: Evaluator;
  readonly encoder: BatchEncoder;
  /** Reads into an existing handle. @param bytes passed the byte checks of the set. */
  read(bytes: Uint8Array, into: Ciphertext): void;
  /** @returns uncompressed bytes of a sum, `set.ciphertextBytes` long. */
  save(ciphertext: Ciphertext): Uint8Array<ArrayBuffer>;
}

/**
 * The session's handles live as long as its instance: until the worker ends.
 * @throws Error when SEAL's own numbers differ from the pinned ones of the set.
 */
export async function openSession(factory: SealFactory, set: BfvSet): Promise<SealSession> {
  const seal = await factory();
  const context = createContext(seal, set);
  if (!matchesPinned(context, set)) throw new Error(`parameter set ${set.name} is not what this SEAL makes of it`);
  return {
    seal,
    set,
    context,
    evaluator: new seal.Evaluator(context),
    encoder: new seal.BatchEncoder(context),
    // SEAL takes a Uint8Array by that very name and throws on a Buffer.
    read: (bytes, into) => into.loadFromArray(context, new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength)),
    save: (ciphertext) => ciphertext.saveToArray(seal.ComprModeType.none),
  };
}

function createContext(seal: MainModule, set: BfvSet): SEALContext {
  const temporary = new Handles();
  const { own } = temporary;
  try {
    const parameters = own(new seal.EncryptionParameters(seal.SchemeType.bfv));
    parameters.setPolyModulusDegree(set.slots);
    parameters.setCoeffModulus(own(seal.CoeffModulus.Create(set.slots, Int32Array.of(set.coeffModulusBits))));
    parameters.setPlainModulus(own(seal.PlainModulus.Batching(set.slots, 20)));
    return new seal.SEALContext(parameters, true, seal.SecLevelType.tc128);
  } finally {
    temporary.free();
  }
}

function matchesPinned(context: SEALContext, set: BfvSet): boolean {
  return scope((own) => {
    if (!context.parametersSet()) return false;
    const parmsId = own(context.firstParmsId());
    const parameters = own(own(context.firstContextData()).parms());
    const primes = own(parameters.coeffModulus());
    const prime = primes.get(0);
    if (prime) own(prime);
    const words: BigUint64Array = parmsId.values();
    return (
      Buffer.from(words.buffer, words.byteOffset, words.byteLength).toString('hex') === set.parmsId &&
      primes.size() === 1 &&
      prime?.value() === set.coeffModulus &&
      own(parameters.plainModulus()).value() === BigInt(set.plainModulus)
    );
  });
}
