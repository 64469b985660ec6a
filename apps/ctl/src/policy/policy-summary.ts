/** A policy on one screen: what an operator looks at first. Pure. */
import type { PolicyDocument } from '#contracts';
import { operatorIds } from '#policy';

export function policySummary(document: PolicyDocument): readonly (readonly [string, string])[] {
  const { negative, positive, weights, decay, limits, release, revocation, hubs } = document;
  const sandboxes = hubs.filter(({ sandbox }) => sandbox).length;
  const silent = [
    ...(['suspended', 'quarantined'] as const).map((status) => ({
      name: status,
      count: hubs.filter((hub) => hub.status === status).length,
    })),
    { name: 'sandbox', count: sandboxes },
  ]
    .filter(({ count }) => count > 0)
    .map(({ name, count }) => `, ${count} ${name}`);
  return [
    ['version', String(document.version)],
    ['domain', document.domain],
    ['hubs', `${hubs.length} of ${operatorIds(document).length} operators${silent.join('')}`],
    ['moderators', document.moderators.map(({ id }) => id).join(', ') || 'none'],
    [
      'suspends when',
      `the sum without the ${negative.f} largest operators, each cut at ${negative.clip}, reaches ${negative.threshold}`,
    ],
    [
      'more pseudonyms when',
      `the same of commendations, f ${positive.f}, cut at ${positive.clip}, reaches ${positive.threshold}`,
    ],
    [
      'weights',
      `report ${weights.abuseReport.hubVerified} verified, ${weights.abuseReport.other} other; ban ${weights.ban.hub} hub, ${weights.ban.roomAdmin} room; kick ${weights.kick}; rate ${weights.rate}; commend ${weights.commend}`,
    ],
    ['a pseudonym counts', `at most ${document.capPerHubAndPseudonym} per hub`],
    [
      'epoch',
      `${document.epochSeconds} s, window ${document.windowEpochs} epochs, decay ${decay.table[0] ?? 0}/${decay.scale} to ${decay.table.at(-1) ?? 0}/${decay.scale}`,
    ],
    [
      'tickets',
      `${limits.ticketsPerDay} a day, ${limits.ticketsPerPeriod} a period; ${limits.freePseudonyms} pseudonyms free, ${limits.maxPseudonyms} at most`,
    ],
    ['intake', `${limits.setsPerSecond} signals a second and hub`],
    ['release', `batches of ${release.batch}, at most ${release.maxDelaySeconds} s, accounts from ${release.minAgeDays} days on`],
    ['revocation', `mean ${revocation.meanTicks} ticks of ${revocation.tickSeconds} s, at most ${revocation.limitTicks}`],
    ['held for review', document.hold.length === 0 ? 'nothing' : JSON.stringify(document.hold)],
    ['new operators wait', `${document.newOperatorDays} days, new hubs of old ones ${document.newHubDays ?? 0}`],
  ];
}
