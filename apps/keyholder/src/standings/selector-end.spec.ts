import { describe, expect, it } from '@jest/globals';
import { DAY_MS, expiryDay, PERIOD_DAYS, type SelectorId } from '#contracts';
import { Prf } from '../keys/prf.js';
import { selectorEnd } from './selector-end.js';

const period = 700;
const at = new Date((period * PERIOD_DAYS + 10) * DAY_MS + 5_000);
const rules = { prf: new Prf(new Uint8Array(32).fill(1)), revocation: { tickSeconds: 3_600, meanTicks: 48, limitTicks: 168 } };
const selector = { selectorId: new Uint8Array(16) as SelectorId, period, expiryDay: expiryDay(period, 6) };
const full = { kind: 'full', force: 4, at } as const;
const blind = { kind: 'blind', force: 4, at } as const;

describe('end of a selector', () => {
  it('is a time of its own after the force time of a full standing', () => {
    const { at: end, blind: isBlind } = selectorEnd(selector, full, undefined, rules);
    expect(isBlind).toBe(false);
    expect(end.getTime()).toBeGreaterThanOrEqual(at.getTime());
    expect(end.getTime()).toBeLessThanOrEqual(at.getTime() + 168 * 3_600_000);
    const other = selectorEnd({ ...selector, selectorId: new Uint8Array(16).fill(9) as SelectorId }, full, undefined, rules);
    expect(other.at).not.toEqual(end);
  });

  it('is the force time for the pseudonym that a blind act named', () => {
    expect(selectorEnd(selector, blind, at, rules).at).toEqual(at);
    const later = new Date(at.getTime() + 400 * 3_600_000);
    expect(selectorEnd(selector, full, later, rules).at.getTime()).toBeLessThan(later.getTime());
  });

  it('is the present expiry for its siblings, and renewals do not move it', () => {
    const day = new Date(expiryDay(period, 6) * DAY_MS);
    expect(selectorEnd(selector, blind, undefined, rules)).toEqual({ at: day, blind: true });
    const renewed = { ...selector, period: period + 2, expiryDay: expiryDay(period + 2, 6) };
    expect(selectorEnd(renewed, blind, undefined, rules).at).toEqual(day);
  });

  it('is its own expiry for a sibling that was not renewed in time', () => {
    const old = { ...selector, period: period - 1, expiryDay: expiryDay(period - 1, 8) };
    expect(selectorEnd(old, blind, undefined, rules).at).toEqual(new Date(expiryDay(period - 1, 8) * DAY_MS));
  });
});
