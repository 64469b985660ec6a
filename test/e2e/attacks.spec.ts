/**
 * A hostile hub tries to find out whether two pseudonyms share an account, by everything it may push (protocol.md §6): played through a
 * running service, once on two pseudonyms of one account and once on two of different accounts. What it, every other hub, the accounts and
 * the registrar see must be the same, as long as the score from the others is below the threshold. Without the trim it is not the same.
 */
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { NymtallyClient } from '#client-sdk';
import { eventTypes } from '#contracts';
import type { PolicyDocument } from '#contracts';
import { Provider } from './bad-input/provider.js';
import { HostileView } from './attacks/hostile-view.js';

jest.setTimeout(600_000);

const { abuseReport, ban } = eventTypes;
const verified = { [abuseReport]: { reason: 'spam', hubVerified: true } };
const hubBan = { [ban]: { by: 'hub', permanent: true } };
const roomBan = { [ban]: { by: 'room-admin', permanent: true } };
const hostile = 0;
/** Others say 13 about each pseudonym: 26 about an account with both, far below 60; with a hostile 40 it would be 66, or 53 apart. */
const others: readonly (readonly [hub: number, events: object])[] = [
  [1, hubBan],
  [2, roomBan],
];

const policy = (document: PolicyDocument): PolicyDocument => ({
  ...document,
  negative: { f: 1, clip: 40, threshold: 60 },
  revocation: { tickSeconds: 0.1, meanTicks: 2, limitTicks: 8, framePerTick: 32 },
});

/** Two pseudonyms, and who is behind them. */
interface Pair {
  readonly people: readonly NymtallyClient[];
  readonly uris: readonly [string, string];
}
interface Attack {
  readonly name: string;
  /** How often the hostile hub reports each of the two. */
  readonly reports: readonly [first: number, second: number];
}
const attacks: readonly Attack[] = [
  { name: 'all it has on one of them', reports: [8, 0] },
  { name: 'all it has on both', reports: [8, 8] },
  { name: 'half of what is needed on each', reports: [2, 2] },
];

describe('a hostile hub that pushes', () => {
  let provider: Provider;
  let view: HostileView;
  const together = new Map<Attack, Pair>();
  const apart = new Map<Attack, Pair>();

  const push = async ({ uris }: Pair, { reports }: Attack, times: (all: number) => number) => {
    for (const [at, uri] of uris.entries()) {
      for (let i = 0; i < times(reports[at]!); i++) await provider.tell(hostile, uri, verified);
    }
  };
  const both = (attack: Attack): [Pair, Pair] => [together.get(attack)!, apart.get(attack)!];

  beforeAll(async () => {
    provider = await Provider.start(policy);
    view = new HostileView(provider, hostile);
    for (const attack of attacks) {
      const people = [await provider.person(2), await provider.person(1), await provider.person(1)] as const;
      const [one, ...two] = people;
      together.set(attack, { people: [one], uris: (await provider.mint(one, 2)) as [string, string] });
      apart.set(attack, { people: two, uris: [(await provider.mint(two[0], 1))[0]!, (await provider.mint(two[1], 1))[0]!] });
      for (const pair of both(attack)) {
        for (const uri of pair.uris) for (const [hub, events] of others) await provider.tell(hub, uri, events);
        await push(pair, attack, (all) => all);
      }
    }
    expect((await provider.closeEpoch()).state).toBe('decided');
    await view.settle(0);
  });
  afterAll(() => provider?.stop());

  it.each(attacks)('$name sees the same, whether they are of one account or of two', async (attack) => {
    const [same, different] = await Promise.all(both(attack).map((pair) => view.of(pair)));
    expect(same).toEqual(different);
    expect(different).toEqual({ active: [true, true], standings: ['active'] });
  });

  it('whatever it has moves no account, no batch and no pseudonym at all', async () => {
    expect([await view.released(), await view.revoked()]).toEqual([[], []]);
  });

  it('in every epoch again sees the same again', async () => {
    for (let epoch = 0; epoch < 2; epoch++) {
      for (const attack of attacks) for (const pair of both(attack)) await push(pair, attack, (all) => Math.min(1, all));
      const bystander = (await provider.mint(await provider.person(1), 1))[0]!;
      for (const [hub, events] of others) await provider.tell(hub, bystander, events); // an epoch needs something new
      expect((await provider.closeEpoch()).state).toBe('decided');
    }
    await view.settle(0);
    for (const attack of attacks) {
      const [same, different] = both(attack);
      expect(await view.of(same)).toEqual(await view.of(different));
    }
    expect([await view.released(), await view.revoked()]).toEqual([[], []]);
  });

  it('would tell them apart if the largest were not left out: the attacks are real', async () => {
    await provider.install((document) => ({ ...document, acknowledgeNoTrim: true, negative: { ...document.negative, f: 0 } }));
    await provider.tell(1, (await provider.mint(await provider.person(1), 1))[0]!, roomBan);
    expect((await provider.closeEpoch()).state).toBe('decided');
    await view.settle(2 * attacks.length); // both of each account that is suspended
    for (const attack of attacks) {
      const [same, different] = both(attack);
      expect([attack.name, await view.of(same)]).toEqual([attack.name, { active: [false, false], standings: ['suspended'] }]);
      expect([attack.name, await view.of(different)]).toEqual([attack.name, { active: [true, true], standings: ['active'] }]);
    }
  });
});
