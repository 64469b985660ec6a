/** Operators, a hub and a policy for the specs of this lib. Keys are made afresh. */
import { toBase64Url, type HubEntry, type PolicyDocument } from '#contracts';
import { generateSigningKey } from '#platform';
import { defaultPolicy } from './rules/default-policy.js';
import { operatorQuorum, type OperatorQuorum } from './signing/operators.js';
import type { PolicySigner } from './signing/signatures.js';

export interface SampleOperators {
  readonly quorum: OperatorQuorum;
  readonly signers: readonly PolicySigner[];
}

export function sampleOperators(count: number, quorum: number): SampleOperators {
  const made = Array.from({ length: count }, (_, i) => ({ operator: `op-${i + 1}`, key: generateSigningKey() }));
  return {
    quorum: operatorQuorum({
      quorum,
      operators: made.map(({ operator, key }) => ({ id: operator, key: toBase64Url(key.publicKey) })),
    }),
    signers: made,
  };
}

const jwk = { kid: 'k1', alg: 'EdDSA' as const, kty: 'OKP', crv: 'Ed25519', x: '11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo' };

export const sampleHub = (id: string, more: Partial<HubEntry> = {}): HubEntry => ({
  id,
  operator: 'hub-one',
  trust: 100,
  since: '2025-01-01',
  status: 'active',
  keys: [jwk],
  revokedKids: [],
  ...more,
});

export const samplePolicy = (more: Partial<PolicyDocument> = {}): PolicyDocument => ({
  ...defaultPolicy({
    domain: 'provider.example',
    audience: 'https://provider.example',
    hubs: [sampleHub('https://hub.example')],
  }),
  ...more,
});
