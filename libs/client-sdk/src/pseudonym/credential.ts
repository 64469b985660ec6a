/**
 * What the client believes of a credential: it is for the key and address that were sent, and its period and end are ones that
 * everybody gets, so that they mark nobody. The chain itself is judged by whoever the pseudonym talks to (RFC 9420 §5.3).
 */
import { DAY_MS, EXPIRY_WEEKS, expiryDay, fromBase64Url, PERIOD_DAYS, utf8 } from '#contracts';
import { randomBelow } from '../chance.js';
import { ClientProblem } from '../client-problem.js';
import type { Credential } from '../sides/pseudonym-side.js';
import type { ClientEntry, HeldPseudonym } from '../state.js';

const RENEWAL_OPENS = (PERIOD_DAYS * 2) / 3;
/** Renewals are spread over the first of the window's ten days; the rest is for a device that was off. */
const RENEWAL_SPREAD_DAYS = 8;

export interface Expected {
  readonly uri: string;
  readonly client: Pick<ClientEntry, 'clientUri' | 'spki'>;
  readonly periods: readonly number[];
}

/** Throws ClientProblem('credential-refused'). */
export function checkCredential(credential: Credential, expected: Expected): void {
  const { uri, client, periods } = expected;
  const ends = [];
  for (let weeks: number = EXPIRY_WEEKS.least; weeks <= EXPIRY_WEEKS.most; weeks++)
    ends.push(expiryDay(credential.period, weeks));
  const good =
    credential.uri === uri &&
    credential.clientUri === client.clientUri &&
    periods.includes(credential.period) &&
    ends.includes(credential.expiryDay) &&
    leafNames(credential.certificates[0] ?? '', client);
  if (!good) throw new ClientProblem('credential-refused');
}

/** The leaf holds our SubjectPublicKeyInfo and our address, byte for byte; both have one encoding in DER. */
function leafNames(certificate: string, { clientUri, spki }: Pick<ClientEntry, 'clientUri' | 'spki'>): boolean {
  try {
    const leaf = fromBase64Url(certificate);
    return contains(leaf, fromBase64Url(spki)) && contains(leaf, utf8(clientUri));
  } catch {
    return false;
  }
}

const contains = (bytes: Uint8Array, part: Uint8Array): boolean =>
  bytes.some((_, at) => at + part.length <= bytes.length && part.every((byte, i) => bytes[at + i] === byte));

/** The credential as the state keeps it; draws the moment of its renewal. */
export function heldPseudonym(credential: Credential, client: ClientEntry): HeldPseudonym {
  const opens = (credential.period * PERIOD_DAYS + RENEWAL_OPENS) * DAY_MS;
  return {
    uri: credential.uri,
    client,
    certificates: credential.certificates,
    expiryDay: credential.expiryDay,
    period: credential.period,
    renewNotBefore: opens + randomBelow(RENEWAL_SPREAD_DAYS * DAY_MS),
  };
}
