/**
 * A secret that does not print: string, JSON, util.inspect and template literals all show `[secret]`. The bytes come out only
 * through `bytes()` and `text()`, so that every use can be found by name.
 */
import { inspect } from 'node:util';

const SHOWN = '[secret]';

export class Secret {
  readonly #bytes: Uint8Array;

  constructor(value: Uint8Array | string) {
    this.#bytes = typeof value === 'string' ? new TextEncoder().encode(value) : Uint8Array.from(value);
  }

  /** A copy of the raw bytes. */
  bytes(): Uint8Array {
    return Uint8Array.from(this.#bytes);
  }

  /** UTF-8 text without trailing line breaks, which editors and shells leave in secret files. */
  text(): string {
    return new TextDecoder('utf-8', { fatal: true }).decode(this.#bytes).replace(/[\r\n]+$/, '');
  }

  toString(): string {
    return SHOWN;
  }

  toJSON(): string {
    return SHOWN;
  }

  [inspect.custom](): string {
    return SHOWN;
  }
}
