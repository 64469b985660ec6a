import { describe, expect, it } from '@jest/globals';
import { right } from './report.fixture.js';
import { faults, rows, type ScenarioReport } from './report.js';

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
