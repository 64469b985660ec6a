import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { PoolClient } from 'pg';
import { copyOut, Landing } from './copy-out.js';

/** A connection as `pg` drives a query of one's own. */
interface Query {
  submit(connection: { query(text: string): void }): void;
  handleCopyData(message: { chunk: Uint8Array }): void;
  handleCommandComplete(): void;
  handleReadyForQuery(): void;
  handleError(error: Error): void;
}

function clientThat(answers: (query: Query) => void): PoolClient {
  const query = (own: Query) => own.submit({ query: () => answers(own) });
  return { query } as unknown as PoolClient;
}

describe('a COPY', () => {
  it('lands whole, however it is cut, and however often the same memory is used', async () => {
    const landing = new Landing();
    await fc.assert(
      fc.asyncProperty(fc.array(fc.uint8Array({ maxLength: 300 }), { maxLength: 12 }), async (chunks) => {
        const client = clientThat((query) => {
          for (const chunk of chunks) {
            const shared = Uint8Array.from(chunk);
            query.handleCopyData({ chunk: shared });
            shared.fill(0); // the sender uses its memory again
          }
          query.handleCommandComplete();
          query.handleReadyForQuery();
        });
        expect(await copyOut(client, 'COPY', landing)).toEqual(Buffer.concat(chunks));
      }),
    );
  });

  it('rejects with what the server says', async () => {
    const client = clientThat((query) => query.handleError(new Error('permission denied')));
    await expect(copyOut(client, 'COPY', new Landing())).rejects.toThrow('permission denied');
  });
});
