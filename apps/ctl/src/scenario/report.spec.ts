import { describe, expect, it } from '@jest/globals';
import { faults, rows, type ScenarioReport } from './report.js';

const right: ScenarioReport = {
  accounts: 1_000,
  pseudonyms: 4_000,
  hubs: 12,
  epochs: 9,
  signalsSent: 5_200,
  signalsAccepted: 5_000,
  signalsCounted: 5_000,
  signalsReplayed: 90,
  signalsIgnored: 24,
  signalsRetracted: 40,
  signalsHeld: 12,
  abusers: 50,
  abusersSuspended: 45,
  honest: 950,
  honestSuspended: 0,
  honestSuspendedWithoutTrim: 6,
  pseudonymsOfSuspended: 800,
  pseudonymsRevoked: 800,
  wronglyRevoked: 0,
  commended: 20,
  commendedGivenMore: 20,
  uncommended: 20,
  uncommendedRefused: 20,
  reinstatedAndSuspendedAgain: 1,
  twinDisagreements: 0,
  noticesReceived: 800,
  noticesAboutOthers: 0,
  seed: 1,
  seconds: 80,
};

describe('what is not as it must be', () => {
  it('is nothing when all is right', () => {
    expect(faults(right)).toEqual([]);
  });

  it.each<[wrong: Partial<ScenarioReport>, fault: RegExp]>([
    [{ abusersSuspended: 44 }, /only 44 of 50 abusers/],
    [{ honestSuspended: 1 }, /1 honest accounts/],
    [{ honestSuspendedWithoutTrim: 0 }, /without the trimmed sum/],
    [{ pseudonymsRevoked: 799 }, /799 of 800 pseudonyms/],
    [{ wronglyRevoked: 2 }, /2 pseudonyms of other accounts/],
    [{ noticesReceived: 799 }, /told about 799 of 800/],
    [{ noticesAboutOthers: 3 }, /told about 3 pseudonyms of other/],
    [{ signalsCounted: 4_999 }, /4999 of 5000 accepted/],
    [{ signalsHeld: 0 }, /a kind of signal/],
    [{ commendedGivenMore: 19 }, /19 of 20 commended/],
    [{ uncommendedRefused: 19 }, /19 of 20 others/],
    [{ reinstatedAndSuspendedAgain: 0 }, /was not suspended again/],
    [{ twinDisagreements: 1 }, /otherwise than the plain twin/],
  ])('says of %o what is wrong, and nothing else', (wrong, fault) => {
    const found = faults({ ...right, ...wrong });
    expect(found).toHaveLength(1);
    expect(found[0]).toMatch(fault);
  });

  it('asks no share of suspended abusers in a world too small for one', () => {
    expect(faults({ ...right, abusers: 5, abusersSuspended: 3 })).toEqual([]);
  });
});

it('shows the numbers of the run and no others', () => {
  const text = rows({ ...right, wronglyRevoked: 7, honestSuspended: 3 }).flat();
  expect(text).toContain('3 of 950');
  expect(text).toContain('7');
});
