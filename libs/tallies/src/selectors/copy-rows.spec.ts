import { describe, expect, it } from '@jest/globals';
import { copyRows } from './copy-rows.js';

const int16 = (value: number) => Buffer.from(Int16Array.of(value).buffer).swap16();
const int32 = (value: number) => Buffer.from(Int32Array.of(value).buffer).swap32();
const header = Buffer.concat([Buffer.from('PGCOPY\n\xff\r\n\0', 'latin1'), int32(0), int32(0)]);
const field = (bytes: Buffer | null) => (bytes ? Buffer.concat([int32(bytes.length), bytes]) : int32(-1));
const row = (...fields: (Buffer | null)[]) => Buffer.concat([int16(fields.length), ...fields.map(field)]);
const end = int16(-1);

describe('binary COPY', () => {
  const rows = [
    [Buffer.from('a'), null],
    [Buffer.alloc(0), Buffer.from([0xff, 0])],
  ];
  const whole = Buffer.concat([header, ...rows.map((fields) => row(...fields)), end]);

  it('gives the fields of every row', () => {
    expect([...copyRows(whole)]).toEqual(rows);
    expect([...copyRows(Buffer.concat([header, end]))]).toEqual([]);
  });

  it('skips a header extension', () => {
    const extended = Buffer.concat([header.subarray(0, -4), int32(3), Buffer.from('abc'), end]);
    expect([...copyRows(extended)]).toEqual([]);
  });

  it('refuses what is cut short, goes on, or is something else', () => {
    for (let length = 0; length < whole.length; length++)
      expect(() => [...copyRows(whole.subarray(0, length))]).toThrow(RangeError);
    expect(() => [...copyRows(Buffer.concat([whole, Buffer.of(0)]))]).toThrow(RangeError);
    expect(() => [...copyRows(Buffer.concat([Buffer.from('PGCOPX'), whole.subarray(6)]))]).toThrow(RangeError);
  });
});
