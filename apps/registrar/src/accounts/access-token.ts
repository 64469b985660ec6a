/** Who calls: an access token of the provider's identity system (RFC 9068; OpenID Connect). Its subject is the account. */
import type { JWTVerifyGetKey } from 'jose';
import { Problem } from '#contracts';
import { verifyAccessToken } from '#platform';
import type { TokenRules } from '#platform';
import { contactsOf, type Contacts } from '../relations/contact-marks.js';

/** `sub` of the identity provider. Stays on this side: no route that can carry a pseudonym takes one. */
export type AccountId = string & { readonly __brand: 'AccountId' };

const LONGEST_SUBJECT = 255;

export interface Caller {
  readonly account: AccountId;
  readonly contacts: Contacts;
}

export class AccessTokens {
  constructor(
    private readonly keys: JWTVerifyGetKey,
    private readonly rules: TokenRules,
  ) {}

  /** From an `Authorization` header. Throws Problem not-authenticated; service-unavailable when the keys cannot be had. */
  async accountOf(authorization: string | undefined): Promise<AccountId> {
    return (await this.callerOf(authorization)).account;
  }

  /** The same, with the contacts that the token tells. */
  async callerOf(authorization: string | undefined): Promise<Caller> {
    const claims = await verifyAccessToken(authorization, this.keys, this.rules, ['sub']);
    const { sub } = claims;
    if (!sub || sub.length > LONGEST_SUBJECT || sub.includes('\0')) throw new Problem('not-authenticated');
    return { account: sub as AccountId, contacts: contactsOf(claims) };
  }
}
