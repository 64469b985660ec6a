/**
 * The named parameter sets (protocol.md §1). A set is part of the key and is chosen once; its name is signed and attested.
 *
 * Security: Bossuat et al., ePrint 2024/463, table for ternary secrets: log2 q ≤ 53 at N = 2048 (128 bits, classical), ≤ 106 at 4096,
 * ≤ 214 at 8192. One prime each: no key switching is ever used, and with several SEAL sets the last one aside for it.
 * The pinned numbers below are compared with what SEAL computes whenever a session opens, so a changed library cannot go unnoticed.
 */

export interface BfvSet {
  readonly kind: 'bfv';
  readonly name: string;
  /** Slots of a cohort = ring degree N. */
  readonly slots: number;
  /** t, the plaintext modulus: slots count modulo t and wrap silently. */
  readonly plainModulus: number;
  /** q, one prime. */
  readonly coeffModulus: bigint;
  readonly coeffModulusBits: number;
  /** SEAL's hash of the parameters, 32 bytes hex, as it stands in every header. */
  readonly parmsId: string;
  /** Exact bytes of a selector: seeded, symmetric, uncompressed. */
  readonly selectorBytes: number;
  /** Exact bytes of a sum: two polynomials, uncompressed. */
  readonly ciphertextBytes: number;
  /** Noise budget in bits of a fresh selector. */
  readonly freshBudgetBits: number;
}

/** The twin without encryption: oracle in tests, baseline in the benchmark. Production configuration refuses it. */
export interface PlainSet {
  readonly kind: 'plain';
  readonly name: string;
  readonly slots: number;
  readonly plainModulus: number;
  readonly selectorBytes: number;
  readonly ciphertextBytes: number;
}

export type ParameterSet = BfvSet | PlainSet;

/** The largest prime below 2^20 with t ≡ 1 mod 2N for all three degrees: `PlainModulus.Batching(N, 20)`. */
const plainModulus = 1_032_193;

export const parameterSets = {
  'n2048-q50-t20': {
    kind: 'bfv',
    name: 'n2048-q50-t20',
    slots: 2048,
    plainModulus,
    coeffModulus: 1_125_899_906_826_241n,
    coeffModulusBits: 50,
    parmsId: 'e55a3d16d7438ee4ac47f471a835d4dd180475ebe068fdcdcb6d34ddbeb1f586',
    selectorBytes: 16_578,
    ciphertextBytes: 32_881,
    freshBudgetBits: 25,
  },
  'n4096-q60-t20': {
    kind: 'bfv',
    name: 'n4096-q60-t20',
    slots: 4096,
    plainModulus,
    coeffModulus: 1_152_921_504_606_830_593n,
    coeffModulusBits: 60,
    parmsId: '9c3af912df7184835aa0d93f5c1353e09dd249f140e40eb42aa84cae35db6af6',
    selectorBytes: 32_962,
    ciphertextBytes: 65_649,
    freshBudgetBits: 35,
  },
  'n8192-q60-t20': {
    kind: 'bfv',
    name: 'n8192-q60-t20',
    slots: 8192,
    plainModulus,
    coeffModulus: 1_152_921_504_606_830_593n,
    coeffModulusBits: 60,
    parmsId: 'cb8146ea4a63fc035898c683d0832c107aacdfa36dfc3fb7844b269f2fc6fa5e',
    selectorBytes: 65_730,
    ciphertextBytes: 131_185,
    freshBudgetBits: 35,
  },
  'plain-n2048': {
    kind: 'plain',
    name: 'plain-n2048',
    slots: 2048,
    plainModulus,
    selectorBytes: 16,
    ciphertextBytes: 8 + 4 * 2048,
  },
} as const satisfies Record<string, ParameterSet>;

export type ParameterSetName = keyof typeof parameterSets;

export const isParameterSetName = (name: string): name is ParameterSetName => Object.hasOwn(parameterSets, name);

/** @throws RangeError for a name that is not defined here. */
export function parameterSet(name: string): ParameterSet {
  if (!isParameterSetName(name)) throw new RangeError('unknown parameter set');
  return parameterSets[name];
}

/** Largest weight of a fold. From (t + 1) / 2 on, SEAL reads a constant as negative, which costs log2 t bits of noise budget. */
export const largestWeight = (set: ParameterSet): number => (set.plainModulus - 1) / 2;
