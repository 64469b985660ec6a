/**
 * Are hubs of different operators perhaps run by one? The trim and the clip count operators as the policy groups hubs, so two of one hand
 * would count twice. What looks like it is a warning for people, never a refusal: names and keys may be shared for good reasons. Pure.
 */
import type { HubEntry, PolicyDocument } from '#contracts';

interface Likeness {
  readonly what: string;
  readonly of: (hub: HubEntry) => readonly string[];
}

const likenesses: readonly Likeness[] = [
  { what: 'the domain', of: ({ id }) => domainOf(id) },
  { what: 'the JWKS address', of: ({ jwksUrl }) => (jwksUrl === undefined ? [] : [jwksUrl]) },
  { what: 'a signing key', of: ({ keys }) => keys.flatMap((key) => publicPart(key) ?? []) },
];

/**
 * @param tlsKeys hub → what names the public key of its server, as far as somebody has looked.
 * @returns one sentence for each likeness of hubs that the policy gives to several operators.
 */
export function groupWarnings(
  { hubs }: Pick<PolicyDocument, 'hubs'>,
  tlsKeys: ReadonlyMap<string, string> = new Map(),
): string[] {
  const tls: Likeness = { what: 'a TLS key', of: ({ id }) => [tlsKeys.get(id) ?? []].flat() };
  return [...likenesses, tls].flatMap(({ what, of }) => {
    const sharers = new Map<string, HubEntry[]>();
    for (const hub of hubs) for (const value of new Set(of(hub))) sharers.set(value, [...(sharers.get(value) ?? []), hub]);
    return [...sharers].flatMap(([value, own]) => {
      const operators = [...new Set(own.map(({ operator }) => operator))].sort();
      const named = what.startsWith('the ') ? `${what} ${value}` : what;
      return operators.length < 2
        ? []
        : [
            `${own.map(({ id }) => id).join(' and ')} share ${named}, and are of ${operators.length} operators (${operators.join(', ')})`,
          ];
    });
  });
}

/**
 * The registrable domain, as nearly as it can be told without the public suffix list: two labels, three where the second last is one of the
 * names under which countries register. None of an address or of a name on this machine.
 */
function domainOf(id: string): readonly string[] {
  const { hostname } = new URL(id);
  const labels = hostname.split('.');
  if (labels.length < 2 || /^[\d.]+$|:/.test(hostname)) return [];
  const [second = '', top = ''] = labels.slice(-2);
  const isCountry = top.length === 2 && /^(ac|co|com|edu|gob|gov|gv|mil|ne|net|nom|or|org|sch)$/.test(second);
  return [labels.slice(isCountry ? -3 : -2).join('.')];
}

/** What makes two JWKs the same key (RFC 7638), whatever they are called. */
function publicPart({ kty, crv, x, y, n, e }: Record<string, unknown>): string | undefined {
  const material = n ?? x;
  return typeof material === 'string' ? JSON.stringify([kty, crv, x, y, n, e]) : undefined;
}
