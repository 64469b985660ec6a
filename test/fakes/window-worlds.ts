/** Windows for specs of the totals: SETs of three hubs about four pseudonyms in five epochs, by hand or generated, and what they come to. */
import fc from 'fast-check';
import { eventTypes, type HubId, type PolicyDocument } from '#contracts';
import { defaultPolicy } from '#policy';
import type { AbuseSignal } from '#signals';
import { Objections, WindowTotals, type EpochContents, type SignalRuling } from '#tallies';
import { reportWith } from './abuse-reports.js';

export const hubs = ['https://a.example', 'https://b.example', 'https://c.example'];
export const uris = ['mimi://p.example/p/1', 'mimi://p.example/p/2', 'mimi://p.example/p/3', 'mimi://p.example/p/4'];
export const policy: PolicyDocument = {
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
export const epoch = 9;
export const first = 5;
export const since = { negative: 6, positive: 0 };
const issuedAt = Date.parse('2026-01-01') / 1_000;
export const nothing = new Objections([]);

/** A SET in the epoch whose manifest names it first, and what a moderator said of it. */
export interface Placed {
  readonly epoch: number;
  readonly signal: AbuseSignal;
  readonly ruling?: { readonly epoch: number; readonly ruling: SignalRuling['ruling'] };
  readonly objected: boolean;
}

export const kinds: readonly [string, Record<string, unknown>][] = [
  [eventTypes.abuseReport, { reason: 'spam', hubVerified: true }],
  [eventTypes.abuseReport, { reason: 'other', hubVerified: false }],
  [eventTypes.ban, { by: 'hub', permanent: true }],
  [eventTypes.kick, { by: 'room-admin' }],
  [eventTypes.commend, { since: '2025-01-01' }],
  ['urn:example:unknown', {}],
  [eventTypes.kick, { by: 'nobody' }],
  [eventTypes.abuseReport, { reason: 'spam', hubVerified: true, franks: [1] }],
  [eventTypes.abuseReport, { reason: 'spam', hubVerified: false, franks: [1, 2] }],
  [eventTypes.abuseReport, { reason: 'other', hubVerified: false, franks: [2, 3] }],
  [eventTypes.abuseReport, { reason: 'spam', hubVerified: true, franks: [] }],
  [eventTypes.abuseReport, { reason: 'spam', hubVerified: true, franks: [3], abuser: 'mimi://p.example/p/another' }],
];
/** `franks` and `abuser` of a kind's payload become an AbuseReport, and stay for the twin: members nobody knows are ignored. */
export const signalOf = (hub: string, jti: string, uri: string, [eventType, payload]: (typeof kinds)[number]): AbuseSignal => ({
  hub: hub as HubId,
  jti,
  uri,
  eventType,
  payload: {
    ...payload,
    ...('franks' in payload && { abuseReport: reportWith(payload['franks'] as number[], String(payload['abuser'] ?? uri)) }),
  },
  issuedAt,
  ...('jti' in payload && { names: String(payload['jti']) }),
});

export const placed: fc.Arbitrary<Placed[]> = fc
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

export function contents(world: readonly Placed[], at: number): EpochContents {
  return {
    epoch: at,
    policy,
    signals: [world.filter((one) => one.epoch === at).map(({ signal }) => signal)],
    rulings: world.flatMap(({ ruling, signal: { hub, jti } }) =>
      ruling?.epoch === at ? [{ hub, jti, ruling: ruling.ruling, decisionHash: new Uint8Array(32) }] : [],
    ),
  };
}

export async function tally(
  world: readonly Placed[],
  objections = objectionsTo(world),
  weighedBy = policy,
): Promise<WindowTotals> {
  const totals = new WindowTotals({ epoch, policy: weighedBy, objections, since });
  for (let at = epoch; at >= first; at--) await totals.addEpoch(contents(world, at));
  return totals;
}

export const shape = (totals: WindowTotals) =>
  (['negative', 'positive'] as const).map((side) => ({
    totals: [...totals[side].byUri()].flatMap(([uri, own]) => own.map(({ hub, total }) => `${uri} ${hub} ${total}`)).sort(),
    fresh: totals[side].newPseudonyms(() => true),
  }));
