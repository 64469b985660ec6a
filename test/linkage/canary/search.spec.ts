/** The search itself: it must find what is hidden, in every spelling, before it may be believed that nothing is there. */
import { randomBytes } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { partsOf } from './item.js';
import type { Item } from './item.js';
import { foundIn, needle } from './needle.js';
import { sharedValues } from './shared-values.js';
import { valuesOf, windowsOf } from './values.js';

const item = (value: unknown): Item => ({ side: 'pseudonym', where: 'test', parts: partsOf(value) });
const id = Buffer.from('00c4fbff3e7712a99b5d0e8134f6a0dd', 'hex');
const around = [randomBytes(5), randomBytes(7)] as const;

const hidden: [string, unknown][] = [
  ['bytes', id],
  ['bytes among others', Buffer.concat([around[0], id, around[1]])],
  ['hex', id.toString('hex')],
  ['hex of PostgreSQL', `\\x${id.toString('hex')}`],
  ['hex in capitals', id.toString('hex').toUpperCase()],
  ['base64', id.toString('base64')],
  ['base64url', id.toString('base64url')],
  ['JSON', JSON.stringify({ a: [{ b: id.toString('base64url') }] })],
  ['an object', { a: { b: [id.toString('hex')] } }],
  ['a Buffer in JSON', JSON.stringify({ id: { type: 'Buffer', data: [...id] } })],
  ['a log line', `{"level":30,"msg":"took ${id.toString('hex')} away"}`],
  ...[0, 1, 2].map((shift): [string, unknown] => [
    `base64 of bytes that begin ${shift} earlier`,
    Buffer.concat([randomBytes(shift), id, around[1]]).toString('base64url'),
  ]),
];

describe('the search for a canary', () => {
  it.each(hidden)('finds it as %s', (_, value) => {
    expect(foundIn(item(value), [needle('id', id)])).toEqual(['id']);
  });

  it('finds text in an address, escaped or not, and in base64', () => {
    const uri = 'mimi://provider.example/p/abcdefghijklmnopqrstuvwxyz';
    for (const hay of [uri, `GET /v1/pseudonyms/${encodeURIComponent(uri)}/status`, Buffer.from(uri).toString('base64')])
      expect(foundIn(item(hay), [needle('uri', uri)])).toEqual(['uri']);
  });

  it('does not find what is not there', () => {
    expect(foundIn(item(randomBytes(20_000)), [needle('id', id)])).toEqual([]);
  });

  it('refuses a value too short to mean anything', () => {
    expect(() => needle('day', 'day')).toThrow(RangeError);
  });
});

describe('the values of an item', () => {
  const same = id.toString('latin1');
  it.each(hidden.filter(([name]) => !/among|earlier/.test(name)))('read it from %s', (_, value) => {
    expect(valuesOf(item(value))).toContain(same);
  });

  it('read a claim from a JWT in a JSON column', () => {
    const segment = Buffer.from(JSON.stringify({ sub: 'account-of-somebody' })).toString('base64url');
    expect(valuesOf(item({ token: `eyJhbGciOiJFZERTQSJ9.${segment}.c2lnbmF0dXJl` }))).toContain('account-of-somebody');
  });

  it('read the name from an address', () => {
    expect(valuesOf(item('mimi://provider.example/p/abcdefghijklmnopqrstuvwxyz'))).toContain('abcdefghijklmnopqrstuvwxyz');
  });

  it('come in windows, so that one inside another is found', () => {
    const longer = Buffer.concat([around[0], id, around[1]]).toString('latin1');
    expect(windowsOf(longer)).toEqual(expect.arrayContaining(windowsOf(same)));
  });
});

describe('values that two sides share', () => {
  const account = (value: unknown): Item => ({ side: 'account', where: 'accounts', parts: partsOf(value) });
  const nothing = () => false;
  const shared = (one: unknown, other: unknown) =>
    sharedValues([account(one)], [item(other)], nothing).map(({ places }) => places);

  it.each(hidden)('are found when one side writes them as %s', (_, value) => {
    expect(shared(id, value)).toContainEqual([['accounts'], ['test']]);
  });

  it('are none where every value is of one side only', () => {
    expect(shared({ a: randomBytes(16), n: 20_000 }, { b: randomBytes(4_000), n: 20_000 })).toEqual([]);
  });

  it('do not count when they say nothing', () => {
    expect(
      sharedValues([account('provider.example')], [item('provider.example')], (value) => value === 'provider.example'),
    ).toEqual([]);
  });
});
