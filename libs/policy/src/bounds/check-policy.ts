/**
 * What the numbers of a policy may be together (protocol.md §1, §5–§7). All violations at once, as sentences for an operator.
 * Pure: needs the document and whether it is for production.
 */
import { DAY_MS, EXPIRY_WEEKS, type PolicyDocument } from '#contracts';
import { hubViolations } from './check-hubs.js';
import { leastNoiseBits, numbersOf } from './set-numbers.js';

export interface CheckOptions {
  readonly production: boolean;
}

/** @returns every violation, empty when the policy may be followed. Signatures are `readPolicy`'s business. */
export function checkPolicy(document: PolicyDocument, { production }: CheckOptions): string[] {
  return [
    ...capacity(document),
    ...window(document),
    ...trim(document),
    ...limits(document),
    ...hubViolations(document, production),
    ...(production ? forProduction(document) : []),
  ];
}

/**
 * Sums wrap silently at t: what an account can reach with all its pseudonyms, live and expired, must stay below half of it. And the
 * fullest sum, every slot with that many selectors of the heaviest total, must still decrypt.
 */
function* capacity({ parameterSet: name, limits, capPerHubAndPseudonym, decay }: PolicyDocument): Generator<string> {
  const numbers = numbersOf(name);
  if (numbers === undefined) {
    yield `parameterSet ${name} is not known`;
    return;
  }
  const total = capPerHubAndPseudonym * decay.scale;
  const reach = 2 * limits.maxPseudonyms * total;
  const room = numbers.plainModulus / 2;
  if (reach >= room) {
    yield `sums could overflow: 2 × maxPseudonyms × capPerHubAndPseudonym × decay.scale = ${reach}, must be below t/2 = ${room}; lower one of the three`;
    return;
  }
  if (numbers.freshBudgetBits === undefined) return;
  const squareSum = numbers.slots * 2 * limits.maxPseudonyms * total ** 2;
  const left = Math.floor(numbers.freshBudgetBits - Math.log2(squareSum) / 2) - 1; // the key holder's own rule, protocol.md §5
  if (left < leastNoiseBits)
    yield `full tallies could not be read: ${left} bits of noise budget left, must be ${leastNoiseBits}; lower capPerHubAndPseudonym`;
}

function* window({ windowEpochs, epochSeconds, decay }: PolicyDocument): Generator<string> {
  const days = (windowEpochs * epochSeconds * 1000) / DAY_MS;
  const credentialDays = 7 * EXPIRY_WEEKS.least;
  if (days > credentialDays)
    yield `the window is ${days} days long; a credential lives ${credentialDays}, so windowEpochs × epochSeconds must not be longer`;
  const { scale, table } = decay;
  if (table.length !== windowEpochs) yield `decay.table has ${table.length} entries, must have windowEpochs = ${windowEpochs}`;
  if ((table[0] ?? 0) > scale) yield `decay.table starts with ${table[0]}, must not exceed decay.scale = ${scale}`;
  const rise = table.findIndex((value, age) => age > 0 && value > (table[age - 1] ?? 0));
  if (rise > 0) yield `decay.table rises at age ${rise}; older signals must never weigh more`;
}

function* trim({ negative, positive, acknowledgeNoTrim }: PolicyDocument): Generator<string> {
  for (const [side, { f }] of Object.entries({ negative, positive })) {
    if (f === 0 && !acknowledgeNoTrim)
      yield `${side}.f = 0 lets one operator decide alone; set acknowledgeNoTrim if that is meant`;
  }
}

function* limits({ limits, revocation }: PolicyDocument): Generator<string> {
  if (limits.freePseudonyms > limits.maxPseudonyms) yield 'limits.freePseudonyms must not exceed limits.maxPseudonyms';
  if (limits.ticketsPerDay > limits.ticketsPerPeriod) yield 'limits.ticketsPerDay must not exceed limits.ticketsPerPeriod';
  if (revocation.limitTicks < revocation.meanTicks) yield 'revocation.limitTicks must not be below revocation.meanTicks';
  if (revocation.framePerTick > 4_096) yield 'revocation.framePerTick must not exceed 4096';
}

function* forProduction(document: PolicyDocument): Generator<string> {
  const { release, minPseudonyms, newOperatorDays, parameterSet: name, audience } = document;
  if (release.batch < 10) yield 'production: release.batch must be 10 or more';
  if (minPseudonyms < 20) yield 'production: minPseudonyms must be 20 or more';
  if (newOperatorDays < 1) yield 'production: newOperatorDays must be 1 or more';
  if (name.startsWith('plain-')) yield `production: parameterSet ${name} encrypts nothing`;
  if (!URL.canParse(audience) || !audience.startsWith('https://') || new URL(audience).origin !== audience)
    yield 'production: audience must be an https origin, since it is the issuer of what hubs are told (SSF 1.0 §7.1)';
}
