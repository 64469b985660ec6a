/**
 * The client-credentials grant for hubs (RFC 6749 §4.4; private_key_jwt, RFC 7523 §2.2): a hub shows by its SET key who it is, and gets an
 * access token for the streams of nyms. For development, like the rest of the issuer.
 */
import { createLocalJWKSet, decodeJwt, jwtVerify } from 'jose';
import type { JSONWebKeySet } from 'jose';
import { streamScopes } from '#contracts';

const assertionType = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';
const LONGEST_ASSERTION_SECONDS = 300;
const known: readonly string[] = Object.values(streamScopes);

/** What an error answer says (RFC 6749 §5.2). */
export class GrantRefused extends Error {
  constructor(readonly error: 'invalid_request' | 'unsupported_grant_type' | 'invalid_client' | 'invalid_scope') {
    super(error);
  }
}

export interface GrantRules {
  /** `aud` of assertions: the issuer, or its token endpoint */
  readonly audiences: readonly string[];
  readonly now: Date;
  /** Public keys of a client, or undefined when there is none of this id. */
  clientKeys(id: string): JSONWebKeySet | undefined;
}

/** Whom the token is for, and what for. @throws GrantRefused */
export async function grantedTo(form: URLSearchParams, rules: GrantRules): Promise<{ client: string; scope: string }> {
  if (form.get('grant_type') !== 'client_credentials') throw new GrantRefused('unsupported_grant_type');
  const assertion = form.get('client_assertion');
  if (form.get('client_assertion_type') !== assertionType || !assertion) throw new GrantRefused('invalid_request');
  const client = await clientOf(assertion, rules);
  const scopes = (form.get('scope') ?? known.join(' ')).split(' ').filter((scope) => scope !== '');
  if (scopes.length === 0 || scopes.some((scope) => !known.includes(scope))) throw new GrantRefused('invalid_scope');
  return { client, scope: scopes.join(' ') };
}

async function clientOf(assertion: string, { audiences, now, clientKeys }: GrantRules): Promise<string> {
  try {
    const { iss = '' } = decodeJwt(assertion);
    const keys = clientKeys(iss);
    if (!keys) throw new GrantRefused('invalid_client');
    await jwtVerify(assertion, createLocalJWKSet(keys), {
      algorithms: ['EdDSA', 'ES256', 'RS256'],
      issuer: iss,
      subject: iss,
      audience: [...audiences],
      currentDate: now,
      maxTokenAge: LONGEST_ASSERTION_SECONDS,
      requiredClaims: ['exp', 'jti'],
    });
    return iss;
  } catch {
    throw new GrantRefused('invalid_client');
  }
}
