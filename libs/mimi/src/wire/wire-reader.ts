/**
 * Reads the TLS presentation language as MLS uses it (RFC 9420 §2.1): fixed integers, and vectors `<V>` whose length is a QUIC-style
 * variable-size integer that must be minimal. What is read is copied, so nothing keeps the caller's bytes. Runs in Node and in browsers.
 */
import { MimiRefused } from './refused.js';

const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

export class WireReader {
  #at = 0;

  constructor(private readonly bytes: Uint8Array) {}

  get isDone(): boolean {
    return this.#at === this.bytes.length;
  }

  /** @throws MimiRefused when something is left */
  end(): void {
    if (!this.isDone) throw new MimiRefused('trailing-bytes');
  }

  uint8(): number {
    return this.uint(1);
  }

  uint16(): number {
    return this.uint(2);
  }

  uint64(): bigint {
    const high = this.uint(4);
    return (BigInt(high) << 32n) | BigInt(this.uint(4));
  }

  /** `opaque x[length]` */
  fixed(length: number): Uint8Array {
    return this.view(length).slice();
  }

  /** `opaque x<V>` */
  opaque(): Uint8Array {
    return this.view(this.length()).slice();
  }

  /** `opaque x<V>` that is UTF-8, and comes out as the same bytes again. */
  utf8(): string {
    const bytes = this.view(this.length());
    try {
      return text.decode(bytes);
    } catch {
      throw new MimiRefused('not-utf8');
    }
  }

  /** `T x<V>`: a reader of exactly its bytes. */
  vector(): WireReader {
    return new WireReader(this.view(this.length()));
  }

  /** RFC 9420 §2.1.2: two bits say whether one, two or four bytes hold it; 11 is reserved, and a longer form than needed is malformed. */
  private length(): number {
    const first = this.uint8();
    const form = first >> 6;
    if (form === 0) return first;
    if (form === 3) throw new MimiRefused('length-invalid');
    const rest = form === 1 ? 1 : 3;
    const value = (first & 0x3f) * 2 ** (8 * rest) + this.uint(rest);
    if (value < (form === 1 ? 2 ** 6 : 2 ** 14)) throw new MimiRefused('length-not-minimal');
    return value;
  }

  private uint(size: number): number {
    let value = 0;
    for (let at = this.step(size); at < this.#at; at++) value = value * 256 + (this.bytes[at] as number);
    return value;
  }

  private view(length: number): Uint8Array {
    const from = this.step(length);
    return this.bytes.subarray(from, this.#at);
  }

  /** @returns where it was before */
  private step(length: number): number {
    if (length > this.bytes.length - this.#at) throw new MimiRefused('truncated');
    const from = this.#at;
    this.#at += length;
    return from;
  }
}
