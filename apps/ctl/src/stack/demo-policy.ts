/** The policy of a service on one machine: the defaults of libs/policy, with what would make a newcomer wait taken out. Not for production. */
import { defaultPolicy } from '#policy';
import type { HubEntry, PolicyDocument } from '#contracts';
import type { HubKey, StackKeys } from './keys.js';
import { toBase64Url } from '#contracts';
import { kidOf } from '#platform';

/** A hub of ours as the policy names it; `since` lies far back, so it is on probation under no policy. */
export const hubEntryOf = ({ id, operator, kid, key }: HubKey): HubEntry => ({
  id,
  operator,
  trust: 100,
  since: '2026-01-01',
  status: 'active',
  keys: [{ kid, alg: 'EdDSA', kty: 'OKP', crv: 'Ed25519', x: toBase64Url(key.publicKey) }],
  revokedKids: [],
});

/** The provider's own hub is one among the others: an operator, a key, the same trust. */
const ownHubOf = ({ ownHubKey: own }: StackKeys, domain: string): HubEntry =>
  hubEntryOf({ ...own, id: `https://rooms.${domain}`, operator: 'provider', kid: kidOf(own.key.publicKey) });

/** The first hub's operator once more, to try things: under this name, nothing it sends weighs. */
const sandboxOf = ({ id, operator }: HubKey, { sandboxKey: own }: StackKeys): HubEntry => ({
  ...hubEntryOf({ ...own, id: id.replace('https://', 'https://sandbox.'), operator, kid: kidOf(own.key.publicKey) }),
  sandbox: true,
});

export function demoPolicy(keys: StackKeys, domain: string, parameterSet: string): PolicyDocument {
  const base = defaultPolicy({
    domain,
    audience: `https://${domain}`,
    hubs: [...keys.hubs.map(hubEntryOf), ownHubOf(keys, domain), ...keys.hubs.slice(0, 1).map((hub) => sandboxOf(hub, keys))],
    moderators: keys.moderators.map(({ id, key }) => ({ id, key: toBase64Url(key.publicKey) })),
  });
  return {
    ...base,
    parameterSet,
    epochSeconds: 60,
    minPseudonyms: 1,
    release: { batch: 1, maxDelaySeconds: 0, minAgeDays: 0 },
    revocation: { tickSeconds: 0.25, meanTicks: 4, limitTicks: 20, framePerTick: 256 },
    positive: { ...base.positive, everyEpochs: 1 },
    newOperatorDays: 0,
    newHubDays: 0,
  };
}
