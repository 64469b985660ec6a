import { beforeEach, describe, expect, it } from '@jest/globals';
import type { DuePlace } from '#contracts';
import { Enforcement } from './enforcement.js';
import type { EnforcementKeyholder } from './enforcement.js';
import { SelectorSource } from './selector-source.js';

const id = (n: number) => Uint8Array.from({ length: 16 }, (_, i) => (i === 0 ? n >> 8 : i === 1 ? n & 255 : 7));
const numberOf = (bytes: Uint8Array) => (bytes[0]! << 8) | bytes[1]!;

describe('enforcement', () => {
  let living: number[];
  let matched: number[][];
  let revoked: number[][];
  let state: { force: number; run: string };
  let due: { number: number; places: DuePlace[] };
  let acknowledgements: (number | undefined)[];
  let failing: 'match' | 'revoke' | undefined;
  let source: SelectorSource;
  let enforcement: Enforcement;

  beforeEach(() => {
    living = Array.from({ length: 600 }, (_, i) => i);
    matched = [];
    revoked = [];
    acknowledgements = [];
    failing = undefined;
    state = { force: 0, run: 'a' };
    due = { number: 41, places: [] };
    source = new SelectorSource({
      livingIds: async () => new Uint8Array(Buffer.concat(living.map(id))),
      framesOf: async (ids) => ({ frames: new Uint8Array(Buffer.concat(ids)), selectors: ids.length }),
    });
    const keyholder: EnforcementKeyholder = {
      force: async () => state,
      async match(_pass, frames) {
        if (failing === 'match') throw new Error('away');
        matched.push(Array.from({ length: frames.length / 16 }, (_, i) => numberOf(frames.subarray(16 * i))));
      },
      async due(acknowledged) {
        acknowledgements.push(acknowledged);
        return due;
      },
    };
    enforcement = new Enforcement(keyholder, source, {
      async apply(places) {
        if (failing === 'revoke') throw new Error('away');
        revoked.push(places.map(({ selectorId }) => numberOf(selectorId)));
        return { revoked: places.length, disabled: 0, enabled: 0 };
      },
    });
  });

  const all = () => matched.flat();

  it('shows nothing before the first force time', async () => {
    await enforcement.show();
    expect(matched).toEqual([]);
  });

  it('shows every selector once per force time, at most 256 at once', async () => {
    state = { force: 1, run: 'a' };
    await enforcement.show();
    await enforcement.show();
    expect([...all()].sort((a, b) => a - b)).toEqual(living);
    expect(matched.map((batch) => batch.length)).toEqual([256, 256, 88]);
    state = { force: 2, run: 'a' };
    await enforcement.show();
    expect(all()).toHaveLength(1_200);
  });

  it('shows everything again after the key holder has started again', async () => {
    state = { force: 1, run: 'a' };
    await enforcement.show();
    state = { force: 1, run: 'b' };
    await enforcement.show();
    expect(all()).toHaveLength(1_200);
  });

  it('adds what was stored meanwhile, also when the first try to show it failed', async () => {
    state = { force: 1, run: 'a' };
    await enforcement.show();
    matched = [];
    source.noteStored(id(9_000));
    source.noteStored(id(9_001));
    failing = 'match';
    await expect(enforcement.show()).rejects.toThrow('away');
    failing = undefined;
    await enforcement.show();
    expect(all().sort()).toEqual([9_000, 9_001]);
    matched = [];
    await enforcement.show();
    expect(matched).toEqual([]);
  });

  it('begins a pass again when it broke off', async () => {
    state = { force: 1, run: 'a' };
    failing = 'match';
    await expect(enforcement.show()).rejects.toThrow('away');
    failing = undefined;
    await enforcement.show();
    expect(all()).toHaveLength(600);
  });

  it('stops between batches when it is told to', async () => {
    state = { force: 1, run: 'a' };
    await expect(enforcement.show(AbortSignal.abort(new Error('stop')))).rejects.toThrow('stop');
    expect(all()).toEqual([]);
  });

  it('acknowledges a frame only after its pseudonyms are changed', async () => {
    due = { number: 41, places: [{ change: 'revoked', selectorId: id(3) }] };
    failing = 'revoke';
    await expect(enforcement.applyDue()).rejects.toThrow('away');
    failing = undefined;
    await enforcement.applyDue();
    due = { number: 42, places: [] };
    await enforcement.applyDue();
    expect(acknowledgements).toEqual([undefined, undefined, 41]);
    expect(revoked).toEqual([[3], []]);
  });
});
