/** What a run measured, as numbers, and whether all of it is right. Every field comes from the run. */
import { constants, expectation } from './constants.js';

export interface ScenarioReport {
  readonly accounts: number;
  readonly pseudonyms: number;
  readonly hubs: number;
  readonly epochs: number;
  readonly signalsSent: number;
  readonly signalsAccepted: number;
  readonly signalsCounted: number;
  readonly signalsReplayed: number;
  readonly signalsIgnored: number;
  readonly signalsRetracted: number;
  readonly signalsHeld: number;
  readonly abusers: number;
  readonly abusersSuspended: number;
  readonly honest: number;
  readonly honestSuspended: number;
  readonly honestSuspendedWithoutTrim: number;
  readonly pseudonymsOfSuspended: number;
  readonly pseudonymsRevoked: number;
  readonly wronglyRevoked: number;
  /** pseudonyms of suspended accounts that a hub was told about by its stream */
  readonly noticesReceived: number;
  /** pseudonyms of anybody else that a hub was told about */
  readonly noticesAboutOthers: number;
  readonly commended: number;
  readonly commendedGivenMore: number;
  readonly uncommended: number;
  readonly uncommendedRefused: number;
  /** 1: reinstated, good for three epochs, abused again, suspended again */
  readonly reinstatedAndSuspendedAgain: number;
  /** accounts where service and plain twin disagree */
  readonly twinDisagreements: number;
  readonly seed: number;
  readonly seconds: number;
}

/** An abuser who is not suspended, and why. */
export interface Missed {
  readonly pseudonyms: number;
  readonly reportedAt: number;
  /** trimmed sum and threshold, in weight units */
  readonly score: number;
  readonly threshold: number;
}

/** Everything that is not as it must be, one sentence each; empty when all is right. */
export function faults(report: ScenarioReport): string[] {
  const least = report.abusers >= expectation.fromAbusers ? expectation.suspendedShare : 0;
  const checks: [boolean, string][] = [
    [report.twinDisagreements === 0, `${report.twinDisagreements} accounts were decided otherwise than the plain twin decides`],
    [
      report.abusersSuspended >= least * report.abusers,
      `only ${report.abusersSuspended} of ${report.abusers} abusers were suspended`,
    ],
    [report.honestSuspended === 0, `${report.honestSuspended} honest accounts were suspended`],
    [
      report.honestSuspendedWithoutTrim > 0,
      'the hostile hub would have reached nobody even without the trimmed sum: the world is too small to show it',
    ],
    [
      report.pseudonymsRevoked === report.pseudonymsOfSuspended,
      `${report.pseudonymsRevoked} of ${report.pseudonymsOfSuspended} pseudonyms of suspended accounts were revoked`,
    ],
    [report.wronglyRevoked === 0, `${report.wronglyRevoked} pseudonyms of other accounts were revoked`],
    [
      report.noticesReceived === report.pseudonymsOfSuspended,
      `hubs were told about ${report.noticesReceived} of ${report.pseudonymsOfSuspended} pseudonyms of suspended accounts`,
    ],
    [report.noticesAboutOthers === 0, `hubs were told about ${report.noticesAboutOthers} pseudonyms of other accounts`],
    [
      report.signalsCounted === report.signalsAccepted,
      `${report.signalsCounted} of ${report.signalsAccepted} accepted signals were counted`,
    ],
    [
      Math.min(report.signalsReplayed, report.signalsIgnored, report.signalsRetracted, report.signalsHeld) > 0,
      'a kind of signal that must not count did not occur',
    ],
    [
      report.commendedGivenMore === report.commended,
      `${report.commendedGivenMore} of ${report.commended} commended accounts got more pseudonyms`,
    ],
    [
      report.uncommendedRefused === report.uncommended,
      `${report.uncommendedRefused} of ${report.uncommended} others were refused more pseudonyms`,
    ],
    [report.reinstatedAndSuspendedAgain === 1, 'the reinstated account was not suspended again exactly when it abused again'],
  ];
  return checks.filter(([right]) => !right).map(([, fault]) => fault);
}

/** The table a newcomer reads: [what, number, in words]. */
export function rows(report: ScenarioReport): [string, string, string][] {
  const of = (part: number, whole: number) => `${part} of ${whole}`;
  return [
    ['Accounts', String(report.accounts), `with ${report.pseudonyms} pseudonyms in the rooms of ${report.hubs} hubs`],
    ['Signals pushed by hubs', String(report.signalsSent), 'each a signed SET, about one pseudonym'],
    ['  accepted', String(report.signalsAccepted), 'about a known pseudonym, of a kind that weighs'],
    ['  counted', String(report.signalsCounted), `added up under encryption, in ${report.epochs} epochs`],
    [
      '  not counted',
      '',
      `${report.signalsReplayed} replays, ${report.signalsRetracted} taken back, ${report.signalsHeld} held for a moderator, ${report.signalsIgnored} ignored`,
    ],
    [
      'Abusers suspended',
      of(report.abusersSuspended, report.abusers),
      'their pseudonyms were reported by several independent hubs',
    ],
    [
      'Honest accounts suspended',
      of(report.honestSuspended, report.honest),
      `although one hostile hub pushed as hard as it could (f = ${constants.f} absorbs it)`,
    ],
    [
      '  without the trimmed sum',
      String(report.honestSuspendedWithoutTrim),
      'honest accounts the same signals would have suspended with f = 0',
    ],
    [
      'Pseudonyms revoked',
      of(report.pseudonymsRevoked, report.pseudonymsOfSuspended),
      'every pseudonym of a suspended account, each at its own time',
    ],
    ['  wrongly revoked', String(report.wronglyRevoked), 'pseudonyms of anybody else'],
    [
      'Notices received by hubs',
      of(report.noticesReceived, report.pseudonymsOfSuspended),
      'one pseudonym at a time, by the hub that has met it, which has then removed it',
    ],
    ['  about others', String(report.noticesAboutOthers), 'pseudonyms of anybody else'],
    [
      'Commended accounts given more',
      of(report.commendedGivenMore, report.commended),
      `beyond the free ${constants.freePseudonyms} pseudonyms`,
    ],
    ['  others refused', of(report.uncommendedRefused, report.uncommended), `with commendations of at most ${constants.f} hubs`],
    [
      'Reinstated, then suspended again',
      of(report.reinstatedAndSuspendedAgain, 1),
      `good for ${constants.goodEpochs} epochs: old signals never count twice`,
    ],
  ];
}
