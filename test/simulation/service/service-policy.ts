/** The policy of simulated services: thresholds that a dozen operations reach, no waiting, one operator with two hubs. */
import type { PolicyDocument } from '#contracts';

export function servicePolicy(document: PolicyDocument): PolicyDocument {
  return {
    ...document,
    hubs: document.hubs.map((hub, at) => ({ ...hub, operator: `operator-${Math.max(1, at)}`, trust: at === 4 ? 70 : 100 })),
    windowEpochs: 3,
    decay: { scale: 16, table: [16, 11, 5] },
    capPerHubAndPseudonym: 15,
    negative: { f: 1, clip: 30, threshold: 25 },
    positive: { f: 1, clip: 2, threshold: 1, everyEpochs: 1 },
    limits: {
      ...document.limits,
      freePseudonyms: 4,
      maxPseudonyms: 6,
      ticketsPerDay: 1_000,
      ticketsPerPeriod: 1_000,
      setsPerSecond: 1_000,
    },
    revocation: { tickSeconds: 0.1, meanTicks: 3, limitTicks: 12, framePerTick: 64 },
    hold: [{ hubVerified: false, reasons: ['other'] }],
  };
}
