/**
 * A ticket on its way to the key holder: HPKE base mode (RFC 9180; DHKEM X25519-HKDF-SHA256, HKDF-SHA256, AES-256-GCM), one fixed
 * length of 257 bytes. nyms carries it and can read the kid only, which is the same for everybody who wraps on that day.
 *
 *   kid 8 ‖ enc 32 ‖ AEAD(ticket 137 ‖ redeem 64) + 16         info = label `wrap`, aad = subject
 */
import { Aes256Gcm, CipherSuite, DhkemX25519HkdfSha256, HkdfSha256 } from '@hpke/core';
import { concat, fromBase64Url, labels, toBase64Url, utf8 } from '#contracts';
import { KID_LENGTH, kidOf, SIGNATURE_LENGTH } from './ed25519.js';
import { TicketError } from './ticket-error.js';
import { TICKET_LENGTH } from './ticket-layout.js';
import { plain, TAG_LENGTH } from './webcrypto.js';

export const hpkeSuite = new CipherSuite({
  kem: new DhkemX25519HkdfSha256(),
  kdf: new HkdfSha256(),
  aead: new Aes256Gcm(),
});
const ENC_LENGTH = 32;
const CIPHERTEXT_AT = KID_LENGTH + ENC_LENGTH;
export const WRAPPED_LENGTH = CIPHERTEXT_AT + TICKET_LENGTH + SIGNATURE_LENGTH + TAG_LENGTH;
const REASON_KEY_LENGTH = 32;
const info = utf8(labels.wrap);

/** An HPKE key of the key holder, ready for use. */
export interface WrapKey {
  readonly kid: string;
  /** 32 bytes */
  readonly publicKey: Uint8Array;
  readonly privateKey: CryptoKey;
}

/** A fresh X25519 private key, 32 bytes. */
export async function generateWrapKey(): Promise<Uint8Array> {
  const pair = await hpkeSuite.kem.generateKeyPair();
  return new Uint8Array(await hpkeSuite.kem.serializePrivateKey(pair.privateKey));
}

/** From the 32 bytes of the private key; `publicKey` and kid follow from it. */
export async function importWrapKey(privateBytes: Uint8Array): Promise<WrapKey> {
  const privateKey = await hpkeSuite.kem.importKey('raw', plain(privateBytes).slice().buffer, false);
  const jwk = await crypto.subtle.exportKey('jwk', privateKey);
  const publicKey = fromBase64Url(jwk.x ?? '');
  return { kid: await kidOf(publicKey), publicKey, privateKey };
}

export interface Wrapped {
  /** 257 bytes */
  readonly wrapped: Uint8Array;
  /** 32 bytes; opens the sealed reason of a refusal */
  readonly reasonKey: Uint8Array;
}

/** The client's side. `to` = the day list's HPKE key (base64url). Each call gives other bytes: keep them to ask again. */
export async function wrapTicket(
  to: { readonly kid: string; readonly key: string },
  ticket: Uint8Array,
  redeem: Uint8Array,
  subject: Uint8Array,
): Promise<Wrapped> {
  if (ticket.length !== TICKET_LENGTH || redeem.length !== SIGNATURE_LENGTH) throw new TicketError('length');
  const recipientPublicKey = await hpkeSuite.kem.deserializePublicKey(plain(fromBase64Url(to.key)));
  const sender = await hpkeSuite.createSenderContext({ recipientPublicKey, info });
  const sealed = await sender.seal(plain(concat(ticket, redeem)), plain(subject));
  const reasonKey = await sender.export(utf8(labels.reason), REASON_KEY_LENGTH);
  return {
    wrapped: concat(fromBase64Url(to.kid), new Uint8Array(sender.enc), new Uint8Array(sealed)),
    reasonKey: new Uint8Array(reasonKey),
  };
}

export interface Unwrapped {
  /** the HPKE key that opened it: an older one than today's means a stale day list */
  readonly kid: string;
  /** 137 bytes, unchecked */
  readonly ticket: Uint8Array;
  /** 64 bytes, unchecked */
  readonly redeem: Uint8Array;
  readonly reasonKey: Uint8Array;
}

/** The key holder's side. Throws TicketError('wrapped') when length, kid, key, subject or a single bit does not fit. */
export async function unwrapTicket(keys: readonly WrapKey[], wrapped: Uint8Array, subject: Uint8Array): Promise<Unwrapped> {
  if (wrapped.length !== WRAPPED_LENGTH) throw new TicketError('wrapped');
  const kid = toBase64Url(wrapped.subarray(0, KID_LENGTH));
  const recipientKey = keys.find((key) => key.kid === kid)?.privateKey;
  if (!recipientKey) throw new TicketError('wrapped');
  try {
    const enc = plain(wrapped.slice(KID_LENGTH, CIPHERTEXT_AT));
    const recipient = await hpkeSuite.createRecipientContext({ recipientKey, enc, info });
    const text = new Uint8Array(await recipient.open(plain(wrapped.slice(CIPHERTEXT_AT)), plain(subject)));
    const reasonKey = new Uint8Array(await recipient.export(utf8(labels.reason), REASON_KEY_LENGTH));
    return { kid, ticket: text.slice(0, TICKET_LENGTH), redeem: text.slice(TICKET_LENGTH), reasonKey };
  } catch {
    throw new TicketError('wrapped');
  }
}
