import { describe, expect, it } from '@jest/globals';
import { constants } from './constants.js';
import { planCommendations, planReports } from './signals-plan.js';
import { crossing } from './twin.js';
import type { TwinPolicy } from './twin.js';
import { planWorld } from './world.js';

const size = { seed: 7, accounts: 1_000, hubs: 12 };
const weights: Record<string, number> = { 'verified-report': 10, 'unverified-report': 3, 'hub-ban': 8 };
const policy: TwinPolicy = {
  f: constants.f,
  clip: constants.clip,
  threshold: constants.threshold,
  capPerHubAndPseudonym: 40,
  scale: 16,
  decay: [16],
  weightOf: (signal) => weights[signal.what],
};
const kindOf = (world: ReturnType<typeof planWorld>) => (index: number) => world.accounts[index]!.kind;

describe('the scenario plan', () => {
  it('is the same for the same seed and another for another seed', () => {
    expect(planWorld(size)).toEqual(planWorld(size));
    expect(planReports(planWorld(size))).toEqual(planReports(planWorld(size)));
    expect(planWorld({ ...size, seed: 8 })).not.toEqual(planWorld(size));
  });

  it('has the shares of accounts that the issue asks for', () => {
    const { accounts, hubs } = planWorld(size);
    const count = (kind: string) => accounts.filter((account) => account.kind === kind).length;
    expect([count('heavy'), count('abuser'), count('commended'), count('uncommended')]).toEqual([50, 50, 20, 20]);
    expect(
      accounts
        .filter((account) => account.victim)
        .map((account) => account.kind)
        .sort(),
    ).toEqual([...Array<string>(20).fill('heavy'), ...Array<string>(30).fill('ordinary')]);
    expect(hubs.map((hub) => hub.kind).sort()).toEqual(['hostile', 'lax', ...Array<string>(10).fill('reporting')]);
    for (const { kind, hubs: used } of accounts) {
      if (kind === 'abuser') expect(used.length >= 14 && used.length <= 18).toBe(true);
      if (kind === 'heavy') expect(used.length >= 12 && used.length <= 16).toBe(true);
    }
  });

  it('has at least one signal of each kind that must not count', () => {
    const signals = planReports(planWorld({ seed: 3, accounts: 100, hubs: 12 }));
    for (const what of ['held-report', 'unknown-event']) expect(signals.some((signal) => signal.what === what)).toBe(true);
    expect(signals.some((signal) => signal.retracted)).toBe(true);
    expect(signals.some((signal) => signal.replayed)).toBe(true);
    expect(signals.some((signal) => signal.about === undefined)).toBe(true);
  });

  it('commends nobody by more than f hubs who must be refused', () => {
    const world = planWorld(size);
    const by = new Map<number, Set<number>>();
    for (const { hub, about } of planCommendations(world)) by.set(about!.account, (by.get(about!.account) ?? new Set()).add(hub));
    for (const account of world.accounts) {
      const commending = by.get(account.index)?.size ?? 0;
      if (account.kind === 'commended') expect(commending).toBeGreaterThanOrEqual(4);
      else expect(commending).toBeLessThanOrEqual(constants.f);
    }
  });

  it('lets the trimmed sum find at least 90 % of abusers and no honest account, where f = 0 would take honest ones', () => {
    for (let seed = 1; seed <= 20; seed++) {
      const world = planWorld({ ...size, seed });
      const signals = planReports(world).map((signal) => ({ signal, epoch: 1 }));
      const found = [...crossing(signals, 1, policy)].map(kindOf(world));
      expect(found.filter((kind) => kind === 'abuser').length).toBeGreaterThanOrEqual(45);
      expect(found.filter((kind) => kind !== 'abuser')).toEqual([]);
      expect(
        [...crossing(signals, 1, { ...policy, f: 0 })].map(kindOf(world)).filter((kind) => kind !== 'abuser').length,
      ).toBeGreaterThan(0);
    }
  });
});
