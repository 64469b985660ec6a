import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Problem } from '#contracts';
import { Barrier } from './barrier.js';
import { writeSealRecord } from './ceremony/seal-record.js';
import type { SharedCeremony } from './ceremony/seal-record.js';
import { isShareOf, openWith, shareOut } from './ceremony/shares.js';
import { ShareCollector } from './share-collector.js';

const barrier = Barrier.fresh();
const message = new Uint8Array([1, 2, 3]);
const sealed = barrier.seal('file', message);
const hour = 3_600_000;

let folder: string;
let record: SharedCeremony;
let shares: Uint8Array[];
let now: number;
let collector: ShareCollector;
const share = (index: number) => ({ ceremony: record.ceremony, index, share: Uint8Array.from(shares[index - 1]!) });
const refusal = (presented: ReturnType<typeof share>) => collector.present(presented).catch((error: Problem) => error.code);

beforeAll(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'shares-'));
});
afterAll(() => rmSync(folder, { recursive: true }));
beforeEach(async () => {
  ({ record, shares } = await shareOut(barrier, 3, 5));
  await writeSealRecord(folder, { v: 1, mode: 'shares', current: record });
  now = 10;
  collector = new ShareCollector(folder, () => now);
});

describe('collecting shares', () => {
  it('opens the barrier with the last of enough, whoever they are of', async () => {
    const counts = [await collector.present(share(5)), await collector.present(share(2)), await collector.present(share(4))];
    expect(counts.map(({ sealed: isSealed, presented }) => [isSealed, presented])).toEqual([
      [true, 1],
      [true, 2],
      [false, 3],
    ]);
    const opened = await collector.opened;
    expect(opened).toMatchObject({ mode: 'shares', ceremony: record.ceremony, shares: [5, 2, 4] });
    expect(opened.barrier.open('file', sealed)).toEqual(message);
    expect(collector.presented).toBe(0);
  });

  it('stays sealed with too few', async () => {
    await collector.present(share(1));
    expect(await collector.present(share(2))).toEqual({ sealed: true, presented: 2, threshold: 3 });
    expect(await Promise.race([collector.opened, Promise.resolve('still sealed')])).toBe('still sealed');
  });

  it('says of a wrong share that it is wrong, and goes on', async () => {
    const spoiled = share(1);
    spoiled.share[7]! ^= 1;
    expect(await refusal(spoiled)).toBe('share-wrong');
    expect(await refusal({ ...share(1), index: 2 })).toBe('share-wrong');
    expect(await refusal({ ...share(1), index: 200 })).toBe('share-wrong');
    expect((await collector.present(share(1))).presented).toBe(1);
  });

  it('counts a repeated share once and says so', async () => {
    await collector.present(share(1));
    expect(await refusal(share(1))).toBe('share-repeated');
    expect(collector.presented).toBe(1);
  });

  it('tells a share of another ceremony, and one that comes after the last', async () => {
    const other = await shareOut(barrier, 2, 2);
    expect(await refusal({ ceremony: other.record.ceremony, index: 1, share: Uint8Array.from(other.shares[0]!) })).toBe(
      'share-of-other-ceremony',
    );
    for (const index of [1, 2, 3]) await collector.present(share(index));
    expect(await refusal(share(4))).toBe('share-repeated');
  });

  it('takes a share presented many times at once as one', async () => {
    const answers = await Promise.all([1, 1, 1, 2, 2].map((index) => refusal(share(index))));
    expect(answers.filter((answer) => answer === 'share-repeated')).toHaveLength(3);
    expect(collector.presented).toBe(2);
  });

  it('forgets shares that waited an hour', async () => {
    await collector.present(share(1));
    now += hour - 1;
    expect((await collector.present(share(2))).presented).toBe(2);
    now += 1;
    expect(collector.presented).toBe(0);
    expect((await collector.present(share(1))).presented).toBe(1);
  });

  it('overwrites what it was given', async () => {
    const given = [share(1), { ...share(2), index: 3 }];
    await collector.present(given[0]!);
    await refusal(given[1]!);
    for (const { share: bytes } of given) expect(bytes.every((byte) => byte === 0)).toBe(true);
  });

  it('follows a rekey that was confirmed meanwhile', async () => {
    await collector.present(share(1));
    const old = share(2);
    ({ record, shares } = await shareOut(barrier, 2, 3));
    await writeSealRecord(folder, { v: 1, mode: 'shares', current: record });
    expect(await refusal(old)).toBe('share-of-other-ceremony');
    expect(collector.presented).toBe(0);
    await collector.present(share(3));
    expect((await collector.present(share(1))).sealed).toBe(false);
    expect((await collector.opened).barrier.open('file', sealed)).toEqual(message);
  });
});

describe('shares', () => {
  it('open the barrier in every combination of enough, and one fewer never does', async () => {
    const size = fc
      .integer({ min: 2, max: 6 })
      .chain((people) => fc.tuple(fc.constant(people), fc.integer({ min: 2, max: people })));
    await fc.assert(
      fc.asyncProperty(size, fc.infiniteStream(fc.nat()), async ([people, threshold], order) => {
        const made = await shareOut(barrier, threshold, people);
        const chosen = made.shares.map((bytes, i) => [order.next().value, i, bytes] as const).sort(([a], [b]) => a - b);
        const some = chosen.slice(0, threshold).map(([, , bytes]) => bytes);
        expect((await openWith(made.record, some)).open('file', sealed)).toEqual(message);
        for (const [, i, bytes] of chosen) expect(isShareOf(made.record, i + 1, bytes)).toBe(true);
        if (threshold > 2) await expect(openWith(made.record, some.slice(1))).rejects.toThrow('seal.json is damaged');
      }),
      { numRuns: 25 },
    );
  });
});
