import { describe, expect, it } from '@jest/globals';
import { copyRow, copyStream, jsonb } from './binary-copy.js';

describe('binary COPY', () => {
  it('writes a row as field count and length-prefixed fields', () => {
    const row = copyRow([Uint8Array.of(1, 2), 'é', -2, true, null]);
    expect(row.toString('hex')).toBe(
      ['0005', '00000002', '0102', '00000002', 'c3a9', '00000004', 'fffffffe', '00000001', '01', 'ffffffff'].join(''),
    );
  });

  it('puts the version before a jsonb text', () => {
    expect(jsonb({ a: 1 }).toString('latin1')).toBe('\x01{"a":1}');
  });

  it('frames rows with header and trailer, however they are gathered', async () => {
    const rows = Array.from({ length: 50 }, (_, i) => [i, 'text']);
    const whole = async (pieceBytes: number) => {
      const pieces: Buffer[] = [];
      for await (const piece of copyStream(rows, pieceBytes)) pieces.push(piece);
      return Buffer.concat(pieces);
    };
    const bytes = await whole(1e9);
    expect(bytes.subarray(0, 11).toString('latin1')).toBe('PGCOPY\n\xff\r\n\0');
    expect(bytes).toHaveLength(19 + 50 * (2 + 4 + 4 + 4 + 4) + 2);
    expect(bytes.subarray(-2).toString('hex')).toBe('ffff');
    expect((await whole(40)).equals(bytes)).toBe(true);
  });
});
