/** The values of protocol.md as a policy: what `ctl policy` starts from. Every number has its source beside it. Pure. */
import type { HubEntry, PolicyDocument } from '#contracts';
import { operatorIds } from './hubs.js';
import { decayTable } from './scores.js';

const windowEpochs = 30; // §5
const decayScale = 16; // §5
const decayHalfLife = 14; // §5, in epochs

/** f, C and T0 as protocol.md §6 advises them to the author of a policy with so many operators. */
export function advisedTrim(operators: number): { f: number; clip: number; threshold: number } {
  return operators < 6
    ? { f: 1, clip: 40, threshold: 40 }
    : { f: Math.max(1, Math.ceil(0.15 * operators)), clip: 40, threshold: 60 };
}

export interface PolicyBasics {
  readonly version?: number;
  readonly domain: string;
  readonly audience: string;
  readonly hubs?: readonly HubEntry[];
  readonly moderators?: PolicyDocument['moderators'];
}

export function defaultPolicy({ version = 1, domain, audience, hubs = [], moderators = [] }: PolicyBasics): PolicyDocument {
  const document: PolicyDocument = {
    v: 1,
    version,
    domain,
    audience,
    parameterSet: 'n2048-q50-t20', // §1
    epochSeconds: 86_400, // §5
    windowEpochs,
    decay: { scale: decayScale, table: decayTable(windowEpochs, decayHalfLife, decayScale) },
    weights: { abuseReport: { hubVerified: 10, other: 3 }, ban: { hub: 8, roomAdmin: 5 }, kick: 2, rate: 2, commend: 1 }, // §4
    capPerHubAndPseudonym: 40, // = C: one pseudonym alone can fill an operator's clip, and no more
    negative: advisedTrim(0),
    positive: { f: 1, clip: 2, threshold: 2, everyEpochs: 30 }, // §6; two commendations of each of two operators besides the f
    acknowledgeNoTrim: false,
    minPseudonyms: 20, // §5
    limits: { ticketsPerDay: 5, ticketsPerPeriod: 20, freePseudonyms: 18, maxPseudonyms: 48, setsPerSecond: 50 }, // §3; issue 2 for sets
    release: { batch: 10, maxDelaySeconds: 72 * 3_600, minAgeDays: 30 }, // §7
    revocation: { tickSeconds: 3_600, meanTicks: 48, limitTicks: 168, framePerTick: 256 }, // §7: mean 2 days, at most 7
    hold: [], // §4: nothing is held by default
    newOperatorDays: 30, // §4
    newHubDays: 7, // long enough that somebody looks at what it sends
    hubs: [...hubs],
    moderators: [...moderators],
  };
  const trim = advisedTrim(operatorIds(document).length);
  return { ...document, negative: trim, positive: { ...document.positive, f: trim.f } };
}
