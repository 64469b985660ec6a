/**
 * Which hub calls: an OAuth 2.0 access token of the authorization server that operators name (RFC 9068, CAEP interoperability profile
 * §2.7), for an hour at most. `client_id` is the hub's id in the live policy; a suspended hub is let nowhere.
 */
import type { JWTVerifyGetKey } from 'jose';
import { Problem } from '#contracts';
import type { HubEntry, PolicyDocument } from '#contracts';
import { TOKEN_SKEW_SECONDS, verifyAccessToken } from '#platform';
import type { TokenRules } from '#platform';
import { hubOf } from '#policy';
import type { PolicyStore } from '#policy';

const LONGEST_LIFE_SECONDS = 3_600;

/** A suspended hub is not, and one that left the policy; a quarantined one is: its word counts for nothing, its rooms are as they were. */
export function isToldAnything(policy: PolicyDocument, id: string): boolean {
  const hub = hubOf(policy, id);
  return hub !== undefined && hub.status !== 'suspended';
}

export interface Receiver {
  readonly hub: HubEntry;
  readonly scopes: ReadonlySet<string>;
}

export class ReceiverTokens {
  constructor(
    private readonly keys: JWTVerifyGetKey,
    private readonly rules: TokenRules,
    private readonly policies: Pick<PolicyStore, 'live'>,
  ) {}

  /** @throws Problem not-authenticated; not-permitted for a suspended hub; service-unavailable when the keys cannot be had */
  async receiverOf(authorization: string | undefined): Promise<Receiver> {
    const claims = await verifyAccessToken(authorization, this.keys, this.rules, ['iat', 'client_id']);
    const { iat = 0, exp = Infinity, client_id: client, scope } = claims;
    if (exp - iat > LONGEST_LIFE_SECONDS + TOKEN_SKEW_SECONDS) throw new Problem('not-authenticated');
    const hub = typeof client === 'string' ? hubOf(this.policies.live().document, client) : undefined;
    if (!hub) throw new Problem('not-authenticated');
    if (hub.status === 'suspended') throw new Problem('not-permitted');
    return { hub, scopes: new Set(typeof scope === 'string' ? scope.split(' ') : []) };
  }
}
