/** People, a hub and a policy for the specs of this lib. Keys are made afresh. */
import { kidOfKey, People, PeopleChain } from '#approvals';
import { requestTypes, toBase64Url } from '#contracts';
import type { ApprovalRule, ApprovedPolicy, HubEntry, PeopleDocument, PolicyDocument, RequestType } from '#contracts';
import { generateSigningKey, isUsablePublicKey, type SigningKey } from '#platform';
import { defaultPolicy } from './rules/default-policy.js';
import { approvePolicy, type Signers } from './store/approve-file.js';

export interface SampleSigner {
  readonly id: string;
  readonly key: SigningKey;
}

/** Three operators and three leads: a policy takes `approvals` of operators. */
export class SamplePeople {
  readonly signers: Readonly<Record<string, SampleSigner>>;
  readonly document: PeopleDocument;

  constructor(approvals = 1) {
    const ids = ['op-1', 'op-2', 'op-3', 'lead-1', 'lead-2', 'lead-3'];
    this.signers = Object.fromEntries(ids.map((id) => [id, { id, key: generateSigningKey() }]));
    const rule = (type: RequestType): ApprovalRule =>
      type === 'policy' ? { role: 'operator', approvals } : { role: 'lead', approvals: 2 };
    this.document = {
      v: 1,
      version: 1,
      people: ids.map((id) => ({
        id,
        keys: [keyEntry(this.of(id).key)],
        sealTo: toBase64Url(generateSigningKey().publicKey),
        roles: [id.startsWith('op') ? 'operator' : 'lead'],
      })),
      rules: Object.fromEntries(requestTypes.map((type) => [type, rule(type)])) as PeopleDocument['rules'],
    };
  }

  of(id: string): SampleSigner {
    const signer = this.signers[id];
    if (!signer) throw new Error(`there is no ${id}`);
    return signer;
  }

  /** As a process pins it. */
  get chain(): PeopleChain {
    return new PeopleChain(this.read(this.document));
  }

  read(document: PeopleDocument): People {
    return People.read(document, isUsablePublicKey);
  }

  signed(by: readonly string[], document = this.document): Signers {
    const [author, ...approvers] = by.map((id) => this.of(id));
    return { people: this.read(document), author: author!, approvers, expiresAt: new Date('2026-12-01T00:00:00Z') };
  }

  /** The first of them asks, the others approve. */
  policy(document: PolicyDocument, by: readonly string[] = ['op-1', 'op-2'], under = this.document): ApprovedPolicy {
    return approvePolicy(document, this.signed(by, under));
  }
}

export const keyEntry = ({ publicKey }: SigningKey) => ({ kid: kidOfKey(publicKey), key: toBase64Url(publicKey) });

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
