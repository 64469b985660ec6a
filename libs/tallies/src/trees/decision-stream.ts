/**
 * The body of `POST /v1/decisions`: u32 length ‖ header JSON ‖ ciphertexts, each of the parameter set's fixed length, in leaf order.
 * Written and read as a stream, so neither side ever holds all ciphertexts. A reader says what the bytes are, not whether they are
 * attested: that is for `treeRoot`, the signatures and the digest of each ciphertext, all checked by the key holder.
 */
import { z } from 'zod';
import { canonicalBytes } from '#contracts';
import { signatureText } from '../digest.js';
import { areTalliesOf, tally, treeHeader } from './leaf.js';

const attester = z.strictObject({
  /** Id of a pinned correlator or witness. */
  id: z.string().min(1).max(64),
  /** Its signature over `attestationMessage`. */
  signature: signatureText,
});

export const decisionHeader = z
  .strictObject({
    header: treeHeader,
    tallies: z.array(tally).max(200_000),
    correlator: attester,
    witnesses: z.array(attester).max(32),
  })
  .refine(({ header, tallies }) => areTalliesOf(header, tallies), 'tallies do not fit their header')
  .refine(({ witnesses }) => new Set(witnesses.map(({ id }) => id)).size === witnesses.length, 'a witness stands twice');
export type DecisionHeader = z.output<typeof decisionHeader>;

/** Most bytes of the header JSON that a reader takes. */
export const decisionHeaderMaxBytes = 64 * 1024 * 1024;

/** Codes are ours; no message holds a byte of the stream. */
export class DecisionStreamRefused extends Error {
  override readonly name = 'DecisionStreamRefused';
  constructor(readonly code: 'header-length' | 'header' | 'truncated' | 'trailing') {
    super(`decision stream refused: ${code}`);
  }
}

/** @param ciphertexts in leaf order, as many as the header has tallies. */
export async function* writeDecision(
  header: DecisionHeader,
  ciphertexts: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
): AsyncGenerator<Uint8Array, void, undefined> {
  const json = canonicalBytes(header);
  const length = new Uint8Array(4);
  new DataView(length.buffer).setUint32(0, json.length);
  yield length;
  yield json;
  yield* ciphertexts;
}

export interface Decision {
  readonly header: DecisionHeader;
  /** Once, in leaf order; each owns its buffer. Throws `truncated` or `trailing` where the stream does not fit its header. */
  readonly ciphertexts: AsyncGenerator<Uint8Array, void, undefined>;
}

/**
 * Reads the header at once and hands on the ciphertexts as they come. Memory: the header and one ciphertext.
 * @param ciphertextBytes of the parameter set that `header` names; called once, may throw to refuse the header.
 * @throws DecisionStreamRefused
 */
export async function readDecision(
  chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  ciphertextBytes: (header: DecisionHeader) => number,
  maxHeaderBytes = decisionHeaderMaxBytes,
): Promise<Decision> {
  const bytes = new ExactReader(chunks);
  const prefix = await bytes.take(4);
  const length = new DataView(prefix.buffer).getUint32(0);
  if (length < 2 || length > maxHeaderBytes) throw new DecisionStreamRefused('header-length');
  const header = parseHeader(await bytes.take(length));
  return { header, ciphertexts: ciphertextsOf(bytes, header.tallies.length, ciphertextBytes(header)) };
}

async function* ciphertextsOf(bytes: ExactReader, many: number, each: number): AsyncGenerator<Uint8Array, void, undefined> {
  for (let at = 0; at < many; at++) yield await bytes.take(each);
  if (!(await bytes.atEnd())) throw new DecisionStreamRefused('trailing');
}

function parseHeader(json: Uint8Array): DecisionHeader {
  try {
    return decisionHeader.parse(JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(json)));
  } catch {
    throw new DecisionStreamRefused('header');
  }
}

/** Takes exact lengths from a stream, however the network cuts it. Grows with what has come, not with what was announced. */
class ExactReader {
  readonly #chunks: AsyncIterator<Uint8Array> | Iterator<Uint8Array>;
  #rest: Uint8Array = new Uint8Array();

  constructor(chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>) {
    this.#chunks = Symbol.asyncIterator in chunks ? chunks[Symbol.asyncIterator]() : chunks[Symbol.iterator]();
  }

  async take(length: number): Promise<Uint8Array> {
    const parts: Uint8Array[] = [];
    for (let missing = length; missing > 0;) {
      if (this.#rest.length === 0 && (await this.atEnd())) throw new DecisionStreamRefused('truncated');
      const part = this.#rest.subarray(0, missing);
      this.#rest = this.#rest.subarray(part.length);
      parts.push(part);
      missing -= part.length;
    }
    const out = new Uint8Array(length);
    parts.reduce((at, part) => (out.set(part, at), at + part.length), 0);
    return out;
  }

  async atEnd(): Promise<boolean> {
    while (this.#rest.length === 0) {
      const { value, done } = await this.#chunks.next();
      if (done) return true;
      this.#rest = value;
    }
    return false;
  }
}
