/**
 * The keys of the day, signed by the key holder's root key, whose fingerprint a client ships with (protocol.md §3). Whether this is
 * the list of *today*, and the only one seen today, is for the caller: there is no clock and no memory here.
 */
import { canonicalBytes, frame, fromBase64Url, labels, toBase64Url } from '#contracts';
import type { DayList, DayListBody } from '#contracts';
import { kidOf, verifySignature } from './ed25519.js';
import type { Signer } from './ed25519.js';
import { TicketError } from './ticket-error.js';
import { sha256 } from './webcrypto.js';

/** base64url(SHA-256(root public key)): what a client pins. */
export const fingerprintOf = async (publicKey: Uint8Array): Promise<string> => toBase64Url(await sha256(publicKey));

const message = (body: DayListBody): Uint8Array => frame(labels.dayList, canonicalBytes(body));

export async function signDayList(root: Signer, body: DayListBody): Promise<DayList> {
  return { body, root: toBase64Url(root.publicKey), signature: toBase64Url(await root.sign(message(body))) };
}

/** The list's body. Throws TicketError('day-list') for another root, a wrong signature or a kid that does not name its key. */
export async function verifyDayList(list: DayList, rootFingerprint: string): Promise<DayListBody> {
  const { body } = list;
  const root = fromBase64Url(list.root);
  const good =
    (await fingerprintOf(root)) === rootFingerprint &&
    (await verifySignature(root, message(body), fromBase64Url(list.signature))) &&
    (await kidOf(fromBase64Url(body.hpke.key))) === body.hpke.kid &&
    (await kidOf(fromBase64Url(body.ticket.key))) === body.ticket.kid;
  if (!good) throw new TicketError('day-list');
  return body;
}
