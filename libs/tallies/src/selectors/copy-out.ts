/**
 * COPY … TO STDOUT into memory that is used again. A tally reads gigabytes, and a new buffer for each batch makes the collector walk the
 * whole heap every few batches: with 200,000 pseudonyms in it, that took more time than reading them.
 */
import type { PoolClient, Submittable } from 'pg';

/** Memory for one batch at a time. What was handed out is valid until it is used again. */
export class Landing {
  #bytes = Buffer.alloc(0);
  #length = 0;

  clear(): void {
    this.#length = 0;
  }

  append(chunk: Uint8Array): void {
    const length = this.#length + chunk.length;
    if (length > this.#bytes.length) this.#grow(Math.max(length, 2 * this.#bytes.length));
    this.#bytes.set(chunk, this.#length);
    this.#length = length;
  }

  view(): Buffer {
    return this.#bytes.subarray(0, this.#length);
  }

  #grow(length: number): void {
    const bytes = Buffer.allocUnsafeSlow(length);
    bytes.set(this.view());
    this.#bytes = bytes;
  }
}

/** @returns all that came, a view of `landing`. Rejects with what the server or the connection says; the connection stays usable. */
export function copyOut(client: PoolClient, text: string, landing: Landing): Promise<Buffer> {
  landing.clear();
  return new Promise((resolve, reject) => {
    client.query(new CopyOut(text, landing, resolve, reject));
  });
}

/** What `pg` asks of a query of one's own (as pg-cursor is one). Chunks are views of its own buffer: copied at once. */
class CopyOut implements Submittable {
  constructor(
    private readonly text: string,
    private readonly landing: Landing,
    private readonly resolve: (bytes: Buffer) => void,
    private readonly reject: (error: Error) => void,
  ) {}

  submit(connection: unknown): void {
    (connection as { query(text: string): void }).query(this.text);
  }

  handleCopyData({ chunk }: { chunk: Uint8Array }): void {
    this.landing.append(chunk);
  }

  handleCommandComplete(): void {
    // the server is ready next
  }

  handleReadyForQuery(): void {
    this.resolve(this.landing.view());
  }

  handleError(error: Error): void {
    this.reject(error);
  }
}
