import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { eventTypes, type HubId, type PolicyDocument, type Side } from '#contracts';
import { defaultPolicy } from '#policy';
import type { AbuseSignal } from '#signals';
import { Objections } from '../manifests/objections.js';
import { WindowTotals, type EpochContents, type SignalRuling } from './window-totals.js';

const hubs = ['https://a.example', 'https://b.example', 'https://c.example'];
const uris = ['mimi://p.example/p/1', 'mimi://p.example/p/2', 'mimi://p.example/p/3', 'mimi://p.example/p/4'];
const policy: PolicyDocument = {
  ...defaultPolicy({
    domain: 'p.example',
    audience: 'https://p.example',
    hubs: hubs.map((id, i) => ({
      id,
      operator: `op-${Math.min(i, 1)}`,
      trust: 100 - 30 * i,
      since: '2020-01-01',
      status: 'active' as const,
      keys: [{ kid: 'k', alg: 'EdDSA' as const, kty: 'OKP' }],
      revokedKids: [],
    })),
  }),
  windowEpochs: 5,
  decay: { scale: 16, table: [16, 13, 9, 5, 2] },
  capPerHubAndPseudonym: 20,
  hold: [{ hubVerified: false, reasons: ['other'] }],
  newOperatorDays: 0,
  negative: { f: 1, clip: 40, threshold: 60 },
};
const epoch = 9;
const first = 5;
const since = { negative: 6, positive: 0 };
const issuedAt = Date.parse('2026-01-01') / 1_000;
const nothing = new Objections([]);

/** A SET in the epoch whose manifest names it first, and what a moderator said of it. */
interface Placed {
  readonly epoch: number;
  readonly signal: AbuseSignal;
  readonly ruling?: { readonly epoch: number; readonly ruling: SignalRuling['ruling'] };
  readonly objected: boolean;
}

const kinds: readonly [string, Record<string, unknown>][] = [
  [eventTypes.abuseReport, { reason: 'spam', hubVerified: true }],
  [eventTypes.abuseReport, { reason: 'other', hubVerified: false }],
  [eventTypes.ban, { by: 'hub', permanent: true }],
  [eventTypes.kick, { by: 'room-admin' }],
  [eventTypes.commend, { since: '2025-01-01' }],
  ['urn:example:unknown', {}],
  [eventTypes.kick, { by: 'nobody' }],
];
const signalOf = (hub: string, jti: string, uri: string, [eventType, payload]: (typeof kinds)[number]): AbuseSignal => ({
  hub: hub as HubId,
  jti,
  uri,
  eventType,
  payload,
  issuedAt,
  ...('jti' in payload && { names: String(payload['jti']) }),
});

const placed: fc.Arbitrary<Placed[]> = fc
  .array(
    fc.record({
      hub: fc.constantFrom(...hubs),
      uri: fc.constantFrom(...uris),
      at: fc.integer({ min: first, max: epoch }),
      kind: fc.oneof(
        { weight: 4, arbitrary: fc.constantFrom(...kinds) },
        {
          weight: 2,
          arbitrary: fc
            .tuple(fc.constantFrom(eventTypes.retract, eventTypes.unban), fc.nat(12))
            .map(([type, named]): (typeof kinds)[number] => [type, { jti: `j${named}` }]),
        },
      ),
      ruling: fc.option(fc.record({ later: fc.nat(3), ruling: fc.constantFrom('release' as const, 'reject' as const) }), {
        nil: undefined,
      }),
      objection: fc.nat(9),
    }),
    { maxLength: 40 },
  )
  .map((rows) =>
    rows.map(({ hub, uri, at, kind, ruling, objection }, i) => ({
      epoch: at,
      signal: signalOf(hub, `j${i}`, uri, kind),
      ...(ruling && { ruling: { epoch: Math.min(epoch, at + ruling.later), ruling: ruling.ruling } }),
      objected: objection === 0,
    })),
  );

const objectionsTo = (world: readonly Placed[]) =>
  new Objections([
    {
      epoch,
      witness: 'w',
      list: world.flatMap(({ objected, signal: { hub, jti } }) =>
        objected ? [{ hub, jti, reason: 'unverified' as const }] : [],
      ),
    },
  ]);

function contents(world: readonly Placed[], at: number): EpochContents {
  return {
    epoch: at,
    policy,
    signals: [world.filter((one) => one.epoch === at).map(({ signal }) => signal)],
    rulings: world.flatMap(({ ruling, signal: { hub, jti } }) =>
      ruling?.epoch === at ? [{ hub, jti, ruling: ruling.ruling, decisionHash: new Uint8Array(32) }] : [],
    ),
  };
}

async function tally(world: readonly Placed[], objections = objectionsTo(world)): Promise<WindowTotals> {
  const totals = new WindowTotals({ epoch, policy, objections, since });
  for (let at = epoch; at >= first; at--) await totals.addEpoch(contents(world, at));
  return totals;
}

const shape = (totals: WindowTotals) =>
  (['negative', 'positive'] as const).map((side) => ({
    totals: [...totals[side].byUri()].flatMap(([uri, own]) => own.map(({ hub, total }) => `${uri} ${hub} ${total}`)).sort(),
    fresh: totals[side].newPseudonyms(() => true),
  }));

/** The same rules said once more, signal by signal, without any index or order. */
function twin(world: readonly Placed[]) {
  const weights: Record<string, [Side, (payload: Record<string, unknown>) => number]> = {
    [eventTypes.abuseReport]: ['negative', (payload) => (payload['hubVerified'] ? 10 : 3)],
    [eventTypes.ban]: ['negative', () => 8],
    [eventTypes.kick]: ['negative', ({ by }) => (by === 'nobody' ? 0 : 2)],
    [eventTypes.commend]: ['positive', () => 1],
  };
  const valid = world.filter(({ objected, ruling }) => !objected && ruling?.ruling !== 'reject');
  const takes = (by: Placed, one: Placed) =>
    by.signal.hub === one.signal.hub &&
    by.signal.names === one.signal.jti &&
    by.epoch >= one.epoch &&
    (by.signal.eventType === eventTypes.retract || one.signal.eventType === eventTypes.ban);
  const sums: Record<Side, Map<string, number>> = { negative: new Map(), positive: new Map() };
  const fresh: Record<Side, [string, string][]> = { negative: [], positive: [] };
  for (const one of valid) {
    const { hub, uri, eventType, payload } = one.signal;
    const rule = weights[eventType];
    if (!rule || valid.some((by) => takes(by, one))) continue;
    const held = payload['reason'] === 'other';
    const arrival = held ? one.ruling?.epoch : one.epoch;
    if (arrival === undefined) continue;
    const trust = 100 - 30 * hubs.indexOf(hub);
    const units = Math.floor((rule[1](payload) * trust * (policy.decay.table[epoch - arrival] as number)) / 100);
    if (units === 0) continue;
    const key = `${uri} ${hub}`;
    sums[rule[0]].set(key, (sums[rule[0]].get(key) ?? 0) + units);
    if (arrival > since[rule[0]]) fresh[rule[0]].push([`op-${Math.min(hubs.indexOf(hub), 1)}`, uri]);
  }
  return (['negative', 'positive'] as const).map((side) => {
    const of = (operator: string) => new Set(fresh[side].flatMap(([by, uri]) => (by === operator ? [uri] : [])));
    const byBusiness = ['op-0', 'op-1'].sort((a, b) => of(b).size - of(a).size || a.localeCompare(b));
    return {
      totals: [...sums[side]].map(([key, sum]) => `${key} ${Math.min(sum, 20 * 16)}`).sort(),
      fresh: new Set(byBusiness.slice(policy[side].f).flatMap((operator) => [...of(operator)])).size,
    };
  });
}

describe('totals of a window', () => {
  it('counts every accepted signal exactly once, as the twin does', async () => {
    await fc.assert(
      fc.asyncProperty(placed, async (world) => {
        expect(shape(await tally(world))).toEqual(twin(world));
      }),
      { numRuns: 400 },
    );
  });

  it('gives the same whatever the order within an epoch', async () => {
    await fc.assert(
      fc.asyncProperty(
        placed.chain((world) => fc.tuple(fc.constant(world), fc.shuffledSubarray(world, { minLength: world.length }))),
        async ([world, other]) => {
          expect(shape(await tally(other))).toEqual(shape(await tally(world)));
        },
      ),
    );
  });

  it('restores the earlier sum when a signal is retracted', async () => {
    await fc.assert(
      fc.asyncProperty(
        placed,
        fc.constantFrom(...hubs),
        fc.constantFrom(...uris),
        fc.integer({ min: first, max: epoch }),
        fc.nat(3),
        async (world, hub, uri, at, later) => {
          const more: Placed = { epoch: at, signal: signalOf(hub, 'late', uri, kinds[0]!), objected: false };
          const retraction: Placed = {
            epoch: Math.min(epoch, at + later),
            signal: signalOf(hub, 'back', uri, [eventTypes.retract, { jti: 'late' }]),
            objected: false,
          };
          expect(shape(await tally([...world, more, retraction]))).toEqual(shape(await tally(world)));
          const other = { ...retraction, signal: { ...retraction.signal, hub: 'https://d.example' as HubId } };
          expect(shape(await tally([...world, more, other]))).toEqual(shape(await tally([...world, more])));
        },
      ),
    );
  });

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

  it('takes epochs newest first only', async () => {
    const totals = new WindowTotals({ epoch, policy, objections: nothing, since });
    await totals.addEpoch(contents([], 7));
    for (const at of [7, 8, 10]) await expect(totals.addEpoch(contents([], at))).rejects.toThrow(RangeError);
  });
});
