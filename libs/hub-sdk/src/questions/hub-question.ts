/** A question to the provider that only this hub can ask: a JWT for one purpose, good for minutes. */
import { SignJWT } from 'jose';
import type { HubSigningKey } from '../signed-set.js';

export interface QuestionRules {
  readonly nyms: URL;
  readonly hub: string;
  readonly audience: string;
  readonly key: HubSigningKey;
  readonly timeoutMs: number;
  readonly fetch: typeof fetch;
  readonly now: () => Date;
}

/** @param type `typ` of the purpose. @param claims what is asked about */
export async function askAsHub(
  path: string,
  type: string,
  claims: Record<string, unknown>,
  { nyms, hub, audience, key, timeoutMs, fetch, now }: QuestionRules,
): Promise<Response> {
  const request = await new SignJWT(claims)
    .setProtectedHeader({ typ: type, alg: key.alg, kid: key.kid })
    .setIssuer(hub)
    .setAudience(audience)
    .setIssuedAt(now())
    .sign(key.privateKey);
  return fetch(new URL(path, nyms), {
    headers: { authorization: `Bearer ${request}`, accept: 'application/json' },
    redirect: 'error',
    signal: AbortSignal.timeout(timeoutMs),
  });
}
