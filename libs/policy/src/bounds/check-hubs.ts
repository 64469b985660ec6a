/** What must hold of the hubs and moderators of a policy. Every violation is one sentence that names the hub. Pure. */
import { fromBase64Url, type HubEntry, type PolicyDocument } from '#contracts';
import { FrankingKey } from '#mimi';

const loopback = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/;
const keyKinds: Record<string, (jwk: Record<string, unknown>) => boolean> = {
  EdDSA: ({ kty, crv }) => kty === 'OKP' && crv === 'Ed25519',
  ES256: ({ kty, crv }) => kty === 'EC' && crv === 'P-256',
  RS256: ({ kty, n }) => kty === 'RSA' && typeof n === 'string' && n.length >= 342, // 2048 bits
};

export function hubViolations(policy: PolicyDocument, production: boolean): string[] {
  return [
    ...repeated(policy.hubs.map(({ id }) => id)).map((id) => `hub ${id} is named twice`),
    ...policy.hubs.flatMap((hub) => [...ofHub(hub, production)]),
    ...repeated(policy.moderators.map(({ id }) => id)).map((id) => `moderator ${id} is named twice`),
    ...repeated(policy.moderators.map(({ key }) => key)).map(() => 'two moderators have the same key'),
  ];
}

function* ofHub(hub: HubEntry, production: boolean): Generator<string> {
  const origin = new URL(hub.id);
  if (origin.origin !== hub.id) yield `hub ${hub.id} must be a bare origin, without path or trailing slash`;
  if (!isAllowed(origin, production)) yield `hub ${hub.id} must use https${production ? '' : ' (http on loopback only)'}`;
  const { pollUrl, verificationUrl } = hub.transmitter ?? {};
  for (const [name, address] of Object.entries({ jwksUrl: hub.jwksUrl, pollUrl, verificationUrl })) {
    if (address === undefined) continue;
    const url = new URL(address);
    if (url.host !== origin.host || !isAllowed(url, production))
      yield `hub ${hub.id}: ${name} must lie on the hub's own TLS name`;
    if (url.username !== '' || url.password !== '') yield `hub ${hub.id}: ${name} must hold no password`;
  }
  if (hub.keys.length === 0 && hub.jwksUrl === undefined) yield `hub ${hub.id} has neither keys nor a jwksUrl`;
  for (const kid of repeated(hub.keys.map((key) => key.kid))) yield `hub ${hub.id} has two keys with kid ${kid}`;
  for (const key of hub.keys) {
    if (!keyKinds[key.alg]?.(key)) yield `hub ${hub.id}: key ${key.kid} is no public key for ${key.alg} (RSA: 2048 bits or more)`;
    if ('d' in key || 'p' in key || 'k' in key) yield `hub ${hub.id}: key ${key.kid} is a private key; replace it at once`;
  }
  yield* ofFrankingKeys(hub);
}

function* ofFrankingKeys({ id, frankingKeys = [] }: HubEntry): Generator<string> {
  const isKey = (suite: number, key: string): boolean => {
    try {
      return FrankingKey.read(suite, fromBase64Url(key)) !== undefined;
    } catch {
      return false; // not base64url
    }
  };
  for (const [i, { suite, key }] of frankingKeys.entries())
    if (!isKey(suite, key)) yield `hub ${id}: franking key ${i + 1} is no public key of cipher suite ${suite}`;
  for (const twice of repeated(frankingKeys.map(({ suite, key }) => `${suite} ${key}`)))
    yield `hub ${id} has the franking key of cipher suite ${twice.split(' ')[0]} twice`;
}

const isAllowed = (url: URL, production: boolean) =>
  url.protocol === 'https:' || (!production && url.protocol === 'http:' && loopback.test(url.hostname));

const repeated = (values: readonly string[]): string[] => [...new Set(values.filter((value, i) => values.indexOf(value) !== i))];
