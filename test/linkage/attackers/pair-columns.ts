/** From numbers about single things to columns about pairs of them: how far apart, whether equal. Order within a pair never shows. */
export interface Couples {
  /** Index of the first and of the second thing of each pair. */
  readonly left: Int32Array;
  readonly right: Int32Array;
}

type PerPair = (left: number, right: number) => number;

export class PairColumns {
  private readonly columns = new Map<string, Float64Array>();

  constructor(private readonly couples: Couples) {}

  get features(): ReadonlyMap<string, Float64Array> {
    return this.columns;
  }

  /** @param of what the pair of things at these indices shows; NaN for nothing */
  add(name: string, of: PerPair): void {
    const { left, right } = this.couples;
    if (this.columns.has(name)) throw new Error(`there is a column ${name}`);
    this.columns.set(
      name,
      Float64Array.from(left, (one, at) => of(one, right[at]!)),
    );
  }

  /** How far apart a number of both is. */
  distance(name: string, values: ArrayLike<number>): void {
    this.add(`${name} apart`, (one, other) => Math.abs(values[one]! - values[other]!));
  }

  /** Distance, and whether there is none at all. */
  equality(name: string, values: ArrayLike<number>): void {
    this.distance(name, values);
    this.add(`${name} equal`, (one, other) => (values[one] === values[other] ? 1 : 0));
  }

  /** The smaller and the larger one. */
  extremes(name: string, values: ArrayLike<number>): void {
    this.add(`${name} least`, (one, other) => Math.min(values[one]!, values[other]!));
    this.add(`${name} most`, (one, other) => Math.max(values[one]!, values[other]!));
  }

  /** Different bits of both, in equal lengths of bytes. */
  hamming(name: string, values: readonly Uint8Array[]): void {
    this.add(`${name} bits`, (one, other) => differentBits(values[one]!, values[other]!));
  }
}

const bitsOf = Uint8Array.from({ length: 256 }, (_, byte) => byte.toString(2).replaceAll('0', '').length);

export function differentBits(one: Uint8Array, other: Uint8Array): number {
  let bits = 0;
  for (let i = 0; i < one.length; i++) bits += bitsOf[one[i]! ^ (other[i] ?? 0)]!;
  return bits;
}

/** The first six bytes as a number: the order of a primary key. */
export const keyOrder = (bytes: Uint8Array): number => Buffer.from(bytes.buffer, bytes.byteOffset).readUIntBE(0, 6);
