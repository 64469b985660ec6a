/** The scenario's own policy: the f, C and T0, and everything that would make a newcomer wait made quick. Printed as "differs from production". */
import type { PolicyDocument } from '#contracts';
import { defaultPolicy } from '#policy';
import { constants } from './constants.js';

/** Tickets an account may take: per day and per period (issue: "bucket 20"). */
const bucket = 20;

export function scenarioPolicy(document: PolicyDocument): PolicyDocument {
  return {
    ...document,
    negative: { f: constants.f, clip: constants.clip, threshold: constants.threshold },
    // commended by four hubs once each: two are trimmed, two units are left
    positive: { f: constants.f, clip: 2, threshold: 2, everyEpochs: 1 },
    minPseudonyms: 1,
    limits: {
      ...document.limits,
      ticketsPerDay: bucket,
      ticketsPerPeriod: bucket,
      freePseudonyms: constants.freePseudonyms,
      setsPerSecond: 200,
    },
    release: { batch: 1, maxDelaySeconds: 0, minAgeDays: 0 },
    revocation: { tickSeconds: 0.25, meanTicks: 4, limitTicks: 20, framePerTick: 256 },
    hold: [{ hubVerified: false, reasons: ['other'] }],
    newOperatorDays: 0,
    newHubDays: 0,
  };
}

/** What differs from the default policy, in a reader's words: [setting, here, production]. */
export function differsFromProduction(document: PolicyDocument): [string, string, string][] {
  const production = defaultPolicy({ domain: document.domain, audience: document.audience, hubs: document.hubs });
  const { limits, release, revocation } = document;
  const rows: [string, unknown, unknown][] = [
    [
      'tickets a day / a period',
      `${limits.ticketsPerDay} / ${limits.ticketsPerPeriod}`,
      `${production.limits.ticketsPerDay} / ${production.limits.ticketsPerPeriod}`,
    ],
    ['signals a second and hub', limits.setsPerSecond, production.limits.setsPerSecond],
    ['epochs', 'closed on command', `every ${production.epochSeconds / 3_600} h`],
    ['accounts in a release batch', release.batch, production.release.batch],
    ['longest wait for a batch', `${release.maxDelaySeconds} s`, `${production.release.maxDelaySeconds / 3_600} h`],
    ['least age of an account in a batch', `${release.minAgeDays} days`, `${production.release.minAgeDays} days`],
    [
      'mean delay of a revocation',
      `${revocation.meanTicks * revocation.tickSeconds} s`,
      `${(production.revocation.meanTicks * production.revocation.tickSeconds) / 3_600} h`,
    ],
    ['new pseudonyms a decision needs', document.minPseudonyms, production.minPseudonyms],
    [
      'positive standing recomputed',
      `every ${document.positive.everyEpochs} epoch`,
      `every ${production.positive.everyEpochs} epochs`,
    ],
    ['probation of a new operator', `${document.newOperatorDays} days`, `${production.newOperatorDays} days`],
    ['of a new hub of an old one', `${document.newHubDays ?? 0} days`, `${production.newHubDays ?? 0} days`],
    ['held for a moderator', 'unverified reports, reason other', 'nothing'],
    ['delay between ticket and pseudonym', 'none', 'random, up to 24 h'],
  ];
  return rows
    .filter(([, here, there]) => String(here) !== String(there))
    .map(([name, here, there]) => [name, String(here), String(there)]);
}
