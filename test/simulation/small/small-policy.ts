/** The policy of small worlds: a window and thresholds that a dozen operations reach, and the changes that an operator may make to it. */
import type { KeyObject } from 'node:crypto';
import type { PolicyDocument } from '#contracts';
import { defaultPolicy } from '#policy';
import type { Change } from './operations.js';

/** Hubs 0 and 1 are of one operator. */
const operatorOf = (hub: number): string => `operator-${Math.max(1, hub)}`;

export function firstPolicy(hubKeys: readonly KeyObject[], moderator: string, parameterSet: string): PolicyDocument {
  const base = defaultPolicy({
    domain: 'provider.example',
    audience: 'https://provider.example',
    hubs: hubKeys.map((publicKey, hub) => ({
      id: `https://hub-${hub}.example`,
      operator: operatorOf(hub),
      trust: hub === 4 ? 70 : 100,
      since: '2025-01-01',
      status: 'active',
      keys: [{ ...(publicKey.export({ format: 'jwk' }) as { kty: string }), kid: 'k', alg: 'EdDSA' }],
      revokedKids: [],
    })),
    moderators: [{ id: 'mod-1', key: moderator }],
  });
  return {
    ...base,
    parameterSet,
    windowEpochs: 3,
    decay: { scale: 16, table: [16, 11, 5] },
    capPerHubAndPseudonym: 15,
    negative: { f: 1, clip: 30, threshold: 25 },
    positive: { f: 1, clip: 2, threshold: 1, everyEpochs: 1 },
    limits: { ...base.limits, freePseudonyms: 4, maxPseudonyms: 6 },
    release: { batch: 1, maxDelaySeconds: 0, minAgeDays: 0 },
    hold: [{ hubVerified: false, reasons: ['other'] }],
    newOperatorDays: 0,
  };
}

export function changed(policy: PolicyDocument, change: Change, hub: number): PolicyDocument {
  const next = { ...policy, version: policy.version + 1 };
  const withHubs = (map: (entry: PolicyDocument['hubs'][number], at: number) => PolicyDocument['hubs'][number]) => ({
    ...next,
    hubs: policy.hubs.map(map),
  });
  switch (change) {
    case 'weights':
      return { ...next, weights: { ...policy.weights, kick: policy.weights.kick + 1, ban: { hub: 6, roomAdmin: 4 } } };
    case 'trust':
      return withHubs((entry, at) => (at === hub ? { ...entry, trust: 50 } : entry));
    case 'suspend-hub':
      return withHubs((entry, at) => (at === hub ? { ...entry, status: 'suspended' } : entry));
    case 'quarantine-hub':
      return withHubs((entry, at) => (at === hub ? { ...entry, status: 'quarantined' } : entry));
    case 'activate-hubs':
      return withHubs((entry) => ({ ...entry, status: 'active' }));
    case 'hold-nothing':
      return { ...next, hold: [] };
    case 'hold-unverified':
      return { ...next, hold: [{ hubVerified: false }] };
    case 'threshold':
      return { ...next, negative: { ...policy.negative, threshold: 18 } };
  }
}
