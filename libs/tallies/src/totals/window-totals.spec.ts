import { describe, expect, it } from '@jest/globals';
import { eventTypes, type HubId } from '#contracts';
import type { AbuseSignal } from '#signals';
import {
  contents,
  epoch,
  first,
  hubs,
  kinds,
  nothing,
  policy,
  shape,
  signalOf,
  since,
  tally,
  uris,
  type Placed,
} from '../../../../test/fakes/window-worlds.js';
import { Objections } from '../manifests/objections.js';
import { WindowTotals } from './window-totals.js';

describe('totals of a window', () => {
  it('lets a retraction of an earlier epoch, or one that was objected to, take nothing back', async () => {
    const signal: Placed = { epoch: 7, signal: signalOf(hubs[0]!, 's', uris[0]!, kinds[0]!), objected: false };
    const back: Placed = {
      epoch: 6,
      signal: signalOf(hubs[0]!, 'r', uris[0]!, [eventTypes.retract, { jti: 's' }]),
      objected: false,
    };
    const alone = shape(await tally([signal]));
    expect(shape(await tally([signal, back]))).toEqual(alone);
    expect(shape(await tally([signal, { ...back, epoch: 8, objected: true }]))).toEqual(alone);
    expect(shape(await tally([signal, { ...back, epoch: 8 }]))).toEqual(shape(await tally([])));
  });

  it('ages a held signal from its release, and a rejection is final', async () => {
    const held = signalOf(hubs[0]!, 'h', uris[0]!, kinds[1]!);
    const at = async (ruling: Placed['ruling']) =>
      shape(await tally([{ epoch: 5, signal: held, objected: false, ...(ruling && { ruling }) }]))[0]?.totals;
    expect(await at(undefined)).toEqual([]);
    expect(await at({ epoch: 8, ruling: 'release' })).toEqual([`${uris[0]} ${hubs[0]} ${3 * 13}`]);
    expect(await at({ epoch: 8, ruling: 'reject' })).toEqual([]);
  });

  it('counts what was released in the window though it came before, unless it weighed then or was taken back', async () => {
    const held = signalOf(hubs[0]!, 'h', uris[0]!, kinds[1]!);
    const weighing = signalOf(hubs[1]!, 'h', uris[0]!, kinds[2]!);
    const released = (hub: string) => ({ hub, jti: 'h', ruling: 'release' as const, decisionHash: new Uint8Array(32) });
    const takingBack = signalOf(hubs[0]!, 'r', uris[0]!, [eventTypes.retract, { jti: 'h' }]);
    const run = async (...more: AbuseSignal[]) => {
      const totals = new WindowTotals({ epoch, policy, objections: nothing, since });
      await totals.addEpoch({ epoch: 8, policy, signals: [], rulings: [released(hubs[0]!), released(hubs[1]!)] });
      await totals.addEpoch({ epoch: first - 3, policy, signals: [[held, weighing, ...more]], rulings: [] });
      return shape(totals)[0]?.totals;
    };
    expect(await run()).toEqual([`${uris[0]} ${hubs[0]} ${3 * 13}`]);
    expect(await run(takingBack)).toEqual([]);
  });

  it('does not let an objected decision release a signal', async () => {
    const decisionHash = new Uint8Array(32).fill(7);
    const objections = new Objections([
      {
        epoch,
        witness: 'w',
        list: [{ hub: hubs[0]!, jti: 'h', decision: Buffer.from(decisionHash).toString('base64url'), reason: 'decision' }],
      },
    ]);
    const run = async (given: Objections) => {
      const totals = new WindowTotals({ epoch, policy, objections: given, since });
      const rulings = [{ hub: hubs[0]!, jti: 'h', ruling: 'release' as const, decisionHash }];
      await totals.addEpoch({ epoch, policy, signals: [[signalOf(hubs[0]!, 'h', uris[0]!, kinds[1]!)]], rulings });
      return totals.negative.pairs;
    };
    expect([await run(nothing), await run(objections)]).toEqual([1, 0]);
  });

  it('lets the first report of a frank count, and the next when that one is taken back, rejected or gone from the window', async () => {
    const [hub, uri] = [hubs[0]!, uris[0]!];
    const report = (jti: string, at: number, franks: number[], hubVerified = true): Placed => ({
      epoch: at,
      signal: signalOf(hub, jti, uri, [eventTypes.abuseReport, { reason: 'spam', hubVerified, franks }]),
      objected: false,
    });
    const total = async (...world: Placed[]) => (await tally(world)).negative.byUri().get(uri)?.[0]?.total ?? 0;
    const [oldest, next] = [report('a', 5, [1]), report('b', 8, [1])];
    expect(await total(oldest, next)).toBe(10 * 2);
    expect(await total(next)).toBe(10 * 13);
    expect(await total(oldest, next, report('c', 9, [1, 2]))).toBe(10 * 2 + 10 * 16);
    expect(await total(oldest, next, report('c', 9, [1, 1]))).toBe(10 * 2);
    expect(await total({ ...oldest, objected: true }, next)).toBe(10 * 13);
    expect(await total({ ...oldest, ruling: { epoch: 6, ruling: 'reject' } }, next)).toBe(10 * 13);
    const back = signalOf(hub, 'x', uri, [eventTypes.retract, { jti: 'a' }]);
    expect(await total(oldest, next, { epoch: 9, signal: back, objected: false })).toBe(10 * 13);
    // of one epoch the heavier, whichever its jti
    expect(await total(report('a', 8, [1], false), next)).toBe(10 * 13);
    expect(await total(report('c', 8, [1], false), next)).toBe(10 * 13);
    // another hub's word is its own
    const other = { ...next, signal: { ...next.signal, hub: hubs[1] as HubId } };
    const both = (await tally([oldest, other])).negative.byUri().get(uri)!;
    expect(both.map((own) => [own.hub, own.total]).sort()).toEqual([
      [hubs[0], 10 * 2],
      [hubs[1], 7 * 13],
    ]);
  });

  it('lets a report that waits own no frank before its release, and then from its release', async () => {
    const [hub, uri] = [hubs[0]!, uris[0]!];
    const held = signalOf(hub, 'h', uri, [eventTypes.abuseReport, { reason: 'other', hubVerified: false, franks: [1] }]);
    const counted = signalOf(hub, 'c', uri, [eventTypes.abuseReport, { reason: 'spam', hubVerified: true, franks: [1] }]);
    const total = async (release?: number) => {
      const world: Placed[] = [
        { epoch: 5, signal: held, objected: false, ...(release && { ruling: { epoch: release, ruling: 'release' as const } }) },
        { epoch: 7, signal: counted, objected: false },
      ];
      return (await tally(world)).negative.byUri().get(uri)![0]!.total;
    };
    expect(await total()).toBe(10 * 9);
    expect(await total(6)).toBe(3 * 5);
    expect(await total(8)).toBe(10 * 9);
  });

  it('is closed once it has been read', async () => {
    const totals = await tally([]);
    expect(totals.negative.pairs).toBe(0);
    await expect(totals.addEpoch(contents([], first - 1))).rejects.toThrow('closed');
  });

  it('leaves a sandbox out: its signals weigh nothing, make no pseudonym new, and do not begin to count when it is none any more', async () => {
    const sandboxed = {
      ...policy,
      hubs: policy.hubs.map((hub) => (hub.id === hubs[0] ? { ...hub, sandbox: true as const } : hub)),
    };
    const signals = [[signalOf(hubs[0]!, 's', uris[0]!, kinds[0]!), signalOf(hubs[1]!, 's', uris[1]!, kinds[0]!)]];
    const run = async (now: typeof policy, then: typeof policy) => {
      const totals = new WindowTotals({ epoch, policy: now, objections: nothing, since });
      await totals.addEpoch({ epoch, policy: then, signals, rulings: [] });
      return [totals.negative.uris(), totals.negative.newPseudonyms(() => true)];
    };
    const without = [[uris[1]], 0]; // one operator is left, and f leaves that out
    expect(await run(policy, policy)).toEqual([[uris[0], uris[1]], 1]);
    expect(await run(sandboxed, sandboxed)).toEqual(without);
    expect(await run(sandboxed, policy)).toEqual(without);
    expect(await run(policy, sandboxed)).toEqual(without);
  });

  it('takes epochs newest first only', async () => {
    const totals = new WindowTotals({ epoch, policy, objections: nothing, since });
    await totals.addEpoch(contents([], 7));
    for (const at of [7, 8, 10]) await expect(totals.addEpoch(contents([], at))).rejects.toThrow(RangeError);
  });
});
