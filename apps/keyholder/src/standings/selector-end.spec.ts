import { describe, expect, it } from '@jest/globals';
import { DAY_MS, expiryDay, PERIOD_DAYS, type SelectorId } from '#contracts';
import { Prf } from '../keys/prf.js';
import { selectorChanges, selectorEnd } from './selector-end.js';

const period = 700;
const at = new Date((period * PERIOD_DAYS + 10) * DAY_MS + 5_000);
const rules = { prf: new Prf(new Uint8Array(32).fill(1)), revocation: { tickSeconds: 3_600, meanTicks: 48, limitTicks: 168 } };
const selector = { selectorId: new Uint8Array(16) as SelectorId, period, expiryDay: expiryDay(period, 6) };
const full = { kind: 'full', force: 4, at, untilDay: null, atOnce: false } as const;
const blind = { ...full, kind: 'blind' } as const;
const dayOfForce = period * PERIOD_DAYS + 10;
const forTerm = { ...blind, untilDay: dayOfForce + 7 };
const named = (since: Date) => ({ force: 4, at: since, untilDay: null, ended: undefined });

describe('end of a selector', () => {
  it('is a time of its own after the force time of a full standing', () => {
    const { at: end, blind: isBlind } = selectorEnd(selector, full, undefined, rules)!;
    expect(isBlind).toBe(false);
    expect(end.getTime()).toBeGreaterThanOrEqual(at.getTime());
    expect(end.getTime()).toBeLessThanOrEqual(at.getTime() + 168 * 3_600_000);
    const other = selectorEnd({ ...selector, selectorId: new Uint8Array(16).fill(9) as SelectorId }, full, undefined, rules)!;
    expect(other.at).not.toEqual(end);
  });

  it('is the force time for the pseudonym that a blind act named', () => {
    expect(selectorEnd(selector, blind, named(at), rules)!.at).toEqual(at);
    const later = new Date(at.getTime() + 400 * 3_600_000);
    expect(selectorEnd(selector, full, named(later), rules)!.at.getTime()).toBeLessThan(later.getTime());
  });

  it('is the present expiry for its siblings, and renewals do not move it', () => {
    const day = new Date(expiryDay(period, 6) * DAY_MS);
    expect(selectorEnd(selector, blind, undefined, rules)).toEqual({ at: day, blind: true });
    const renewed = { ...selector, period: period + 2, expiryDay: expiryDay(period + 2, 6) };
    expect(selectorEnd(renewed, blind, undefined, rules)!.at).toEqual(day);
  });

  it('is its own expiry for a sibling that was not renewed in time', () => {
    const old = { ...selector, period: period - 1, expiryDay: expiryDay(period - 1, 8) };
    expect(selectorEnd(old, blind, undefined, rules)!.at).toEqual(new Date(expiryDay(period - 1, 8) * DAY_MS));
  });
});

describe('a term', () => {
  const out = { ...named(at), untilDay: dayOfForce + 7 };
  const over = { ...out, ended: { force: 9, at: new Date(at.getTime() + 7 * DAY_MS) } };

  it('ends no sibling whose present expiry comes after it', () => {
    expect(selectorEnd(selector, forTerm, undefined, rules)).toBeUndefined();
    const long = { ...forTerm, untilDay: expiryDay(period, 6) + 1 };
    expect(selectorEnd(selector, long, undefined, rules)).toEqual({ at: new Date(expiryDay(period, 6) * DAY_MS), blind: true });
    expect(selectorChanges(selector, long, undefined, rules)).toEqual([]);
  });

  it('takes the named pseudonym out of use with the force time', () => {
    expect(selectorEnd(selector, forTerm, out, rules)!.at).toEqual(at);
    expect(selectorChanges(selector, forTerm, out, rules)).toEqual([{ change: 'disabled', atMs: at.getTime(), cause: 4 }]);
  });

  it('that is over brings it back at a time of its own, and not while the account is suspended by something else', () => {
    const [back, ...others] = selectorChanges(selector, undefined, over, rules);
    expect([back?.change, back?.cause, others]).toEqual(['enabled', 9, []]);
    expect(back!.atMs).toBeGreaterThanOrEqual(over.ended.at.getTime());
    const sibling = { ...selector, selectorId: new Uint8Array(16).fill(3) as SelectorId };
    expect(selectorChanges(sibling, undefined, over, rules)[0]!.atMs).not.toBe(back!.atMs);
    expect(selectorChanges(selector, full, over, rules).map(({ change }) => change)).toEqual(['revoked']);
  });

  it('gives way to a standing for good: the pseudonym is out of use until it ends', () => {
    expect(selectorChanges(selector, full, out, rules).map(({ change }) => change)).toEqual(['revoked', 'disabled']);
  });
});

describe('an end at once', () => {
  it('is the force time, of every selector', () => {
    for (const fill of [1, 2, 3]) {
      const one = { ...selector, selectorId: new Uint8Array(16).fill(fill) as SelectorId };
      expect(selectorEnd(one, { ...full, atOnce: true }, undefined, rules)!.at).toEqual(at);
    }
  });
});
