import { describe, expect, it } from '@jest/globals';
import { generateKeyPairSync } from 'node:crypto';
import { deflateSync } from 'node:zlib';
import { SignJWT } from 'jose';
import { statusListMediaType, statusListType, toBase64Url } from '#contracts';
import { StatusListRefused, StatusUnavailable } from '../errors.js';
import { KeptLists } from './kept-lists.js';
import { inflate } from './read-list.js';
import { StatusListCheck } from './status-list-check.js';

const { publicKey, privateKey } = generateKeyPairSync('ed25519');
const list = 'https://nyms.example/v1/status-lists/2';
const issuer = 'https://provider.example';
const start = Date.UTC(2026, 10, 30, 12) / 1_000;
const TTL = 3_600;

type Changes = { at?: number; key?: typeof privateKey } & Record<string, unknown>;
const tokenOf = (bytes: Uint8Array, { at = start, key = privateKey, ...more }: Changes = {}) =>
  new SignJWT({
    ...{ iss: issuer, sub: list, iat: at, exp: at + 4 * TTL, ttl: TTL },
    status_list: { bits: 1, lst: toBase64Url(Uint8Array.from(deflateSync(bytes, { level: 9 }))) },
    ...more,
  })
    .setProtectedHeader({ alg: 'EdDSA', kid: 'a', typ: statusListType })
    .sign(key);

/** Serves what is set; the clock stands until moved. */
function provider(first: string | number) {
  const world = { served: first, now: start, fetched: 0 };
  const lists = new KeptLists({
    keys: () => Promise.resolve(publicKey as never),
    issuer,
    timeoutMs: 1_000,
    fetch: (async (url: URL, init: RequestInit) => {
      world.fetched += 1;
      expect([url.href, new Headers(init.headers).get('accept'), init.redirect]).toEqual([list, statusListMediaType, 'error']);
      return typeof world.served === 'number' ? new Response(null, { status: world.served }) : new Response(world.served);
    }) as typeof fetch,
    now: () => new Date(world.now * 1_000),
  });
  return { world, lists };
}

describe('kept lists', () => {
  it('are fetched once, for however many asks, until their time to live is over', async () => {
    const { world, lists } = provider(await tokenOf(Uint8Array.of(0b100)));
    expect(await Promise.all([0, 1, 2, 3].map((index) => lists.statusAt(list, index)))).toEqual([0, 0, 1, 0]);
    world.now += TTL - 1;
    expect([await lists.statusAt(list, 2), world.fetched]).toEqual([1, 1]);
    world.now += 1;
    world.served = await tokenOf(Uint8Array.of(0b110), { at: start + TTL });
    expect([await lists.statusAt(list, 1), world.fetched]).toEqual([1, 2]);
  });

  it('serve until they expire while the provider cannot be reached, and no longer', async () => {
    const { world, lists } = provider(await tokenOf(Uint8Array.of(1)));
    expect(await lists.statusAt(list, 0)).toBe(1);
    world.served = 503;
    world.now += 4 * TTL - 1;
    expect(await lists.statusAt(list, 0)).toBe(1);
    world.now += 1;
    await expect(lists.statusAt(list, 0)).rejects.toBeInstanceOf(StatusUnavailable);
  });

  it('are looked for again after a pause when the next one is late', async () => {
    const { world, lists } = provider(await tokenOf(Uint8Array.of(1)));
    await lists.statusAt(list, 0);
    world.now += TTL + 1;
    for (let ask = 0; ask < 3; ask++) await lists.statusAt(list, 0);
    expect(world.fetched).toBe(2);
    world.now += 6;
    await lists.statusAt(list, 0);
    expect(world.fetched).toBe(3);
  });

  it.each<[string, () => Promise<string>]>([
    ['by another key', () => tokenOf(Uint8Array.of(0), { key: generateKeyPairSync('ed25519').privateKey })],
    ['of another address', () => tokenOf(Uint8Array.of(0), { sub: `${list}0` })],
    ['of another provider', () => tokenOf(Uint8Array.of(0), { iss: 'https://other.example' })],
    ['that has expired', () => tokenOf(Uint8Array.of(0), { exp: start - 120 })],
    ['without an end', () => tokenOf(Uint8Array.of(0), { exp: undefined })],
    ['that is not compressed', () => tokenOf(Uint8Array.of(0), { status_list: { bits: 1, lst: 'AAAA' } })],
    ['of three bits a status', () => tokenOf(Uint8Array.of(0), { status_list: { bits: 3, lst: 'AAAA' } })],
    ['that would fill the memory', () => tokenOf(new Uint8Array(64 * 1_048_576))],
    ['that is no token', async () => 'hello'],
  ])('are refused %s', async (_, make) => {
    const { lists } = provider(await make());
    await expect(lists.statusAt(list, 0)).rejects.toBeInstanceOf(StatusListRefused);
  });

  it('are refused for an index that they do not have, and when they are older than before', async () => {
    const { world, lists } = provider(await tokenOf(Uint8Array.of(0)));
    await expect(lists.statusAt(list, 8)).rejects.toBeInstanceOf(StatusListRefused);
    world.served = await tokenOf(Uint8Array.of(0), { at: start - 60 });
    world.now += TTL;
    await expect(lists.statusAt(list, 0)).rejects.toBeInstanceOf(StatusListRefused);
  });
});

describe('decompression', () => {
  it('stops at the most bytes it may give', async () => {
    const bomb = Uint8Array.from(deflateSync(new Uint8Array(1_000_000), { level: 9 }));
    await expect(inflate(bomb, 999_999)).rejects.toThrow(RangeError);
    expect(await inflate(bomb, 1_000_000)).toHaveLength(1_000_000);
  });
});

describe('a check by list', () => {
  function checking(answers: { active: boolean; idx: number }[]) {
    const bits = new Set<number>();
    const asked: string[] = [];
    const check = new StatusListCheck(
      {
        of: (uri) => {
          asked.push(uri);
          const { active, idx } = answers.shift()!;
          return Promise.resolve({ active, place: { idx, uri: list } });
        },
      },
      { statusAt: (_, idx) => Promise.resolve(bits.has(idx) ? 1 : 0) },
    );
    return { check, bits, asked };
  }

  it('asks about a pseudonym once, and then reads its bit', async () => {
    const { check, asked } = checking([{ active: true, idx: 5 }]);
    for (let time = 0; time < 4; time++) expect(await check.isActive('mimi://p/p/a')).toBe(true);
    expect(asked).toHaveLength(1);
  });

  it('asks again once the bit is set: it has ended, or has come back elsewhere', async () => {
    const { check, bits, asked } = checking([
      { active: true, idx: 5 },
      { active: true, idx: 6 },
      { active: false, idx: 9 },
    ]);
    expect(await check.isActive('mimi://p/p/a')).toBe(true);
    bits.add(5);
    expect(await check.isActive('mimi://p/p/a')).toBe(true);
    expect(await check.isActive('mimi://p/p/a')).toBe(true);
    expect(asked).toHaveLength(2);
    bits.add(6);
    expect(await check.isActive('mimi://p/p/a')).toBe(false);
    expect(asked).toHaveLength(3);
  });

  it('keeps no place of what is not active, and forgets what has left', async () => {
    const { check, asked } = checking([
      { active: false, idx: 9 },
      { active: true, idx: 5 },
      { active: true, idx: 5 },
    ]);
    expect(await check.isActive('mimi://p/p/a')).toBe(false);
    expect(await check.isActive('mimi://p/p/a')).toBe(true);
    check.forget('mimi://p/p/a');
    expect(await check.isActive('mimi://p/p/a')).toBe(true);
    expect(asked).toHaveLength(3);
  });
});
