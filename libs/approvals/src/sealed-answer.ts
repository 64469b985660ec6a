/**
 * An answer that only one person can read: HPKE base mode (RFC 9180; DHKEM X25519-HKDF-SHA256, HKDF-SHA256, AES-256-GCM), info = label
 * `answer`, aad = digest of the request. Padded to one length, so that its size does not say what it holds.
 *
 *   enc 32 ‖ AEAD(u16 length ‖ JSON ‖ zeros) + 16
 */
import { Aes256Gcm, CipherSuite, DhkemX25519HkdfSha256, HkdfSha256 } from '@hpke/core';
import { concat, fromBase64Url, labels, toBase64Url, utf8 } from '#contracts';

const suite = new CipherSuite({ kem: new DhkemX25519HkdfSha256(), kdf: new HkdfSha256(), aead: new Aes256Gcm() });
const ENC_LENGTH = 32;
const HEAD_LENGTH = 2;
/** The longest answer has 590 bytes: handle and warrant. An account's name may take 255 characters. */
const TEXT_LENGTH = 1_536;
const info = utf8(labels.answer);

const plain = (bytes: Uint8Array): Uint8Array<ArrayBuffer> => bytes as Uint8Array<ArrayBuffer>;

/** The key that answers for a person are sealed to. */
export interface SealKeyPair {
  /** X25519, 32 bytes: `sealTo` of the registry */
  readonly publicKey: Uint8Array;
  /** 32 bytes, for the person's own file */
  readonly privateKey: Uint8Array;
}

export async function generateSealKey(): Promise<SealKeyPair> {
  const pair = await suite.kem.generateKeyPair();
  return {
    publicKey: new Uint8Array(await suite.kem.serializePublicKey(pair.publicKey)),
    privateKey: new Uint8Array(await suite.kem.serializePrivateKey(pair.privateKey)),
  };
}

/** @param sealTo X25519 public key, 32 bytes. @param aad digest of the request. @throws RangeError when the value is too long */
export async function sealAnswer(sealTo: Uint8Array, aad: Uint8Array, value: unknown): Promise<string> {
  const json = utf8(JSON.stringify(value));
  if (HEAD_LENGTH + json.length > TEXT_LENGTH) throw new RangeError('the answer is too long');
  const text = new Uint8Array(TEXT_LENGTH);
  new DataView(text.buffer).setUint16(0, json.length);
  text.set(json, HEAD_LENGTH);
  const recipientPublicKey = await suite.kem.deserializePublicKey(plain(sealTo));
  const sender = await suite.createSenderContext({ recipientPublicKey, info });
  const sealed = await sender.seal(text, plain(aad));
  text.fill(0);
  return toBase64Url(concat(new Uint8Array(sender.enc), new Uint8Array(sealed)));
}

/** The value, or undefined when key, request or a single bit does not fit. @param privateKey 32 bytes */
export async function openAnswer(privateKey: Uint8Array, aad: Uint8Array, sealed: string): Promise<unknown> {
  try {
    const bytes = fromBase64Url(sealed);
    const recipientKey = await suite.kem.importKey('raw', plain(privateKey).slice().buffer, false);
    const enc = plain(bytes.slice(0, ENC_LENGTH));
    const recipient = await suite.createRecipientContext({ recipientKey, enc, info });
    const text = new Uint8Array(await recipient.open(plain(bytes.slice(ENC_LENGTH)), plain(aad)));
    const length = new DataView(text.buffer).getUint16(0);
    return JSON.parse(new TextDecoder().decode(text.subarray(HEAD_LENGTH, HEAD_LENGTH + length)));
  } catch {
    return undefined;
  }
}

/** From the 32 bytes of the private key. */
export async function sealKeyFrom(privateKey: Uint8Array): Promise<SealKeyPair> {
  const key = await suite.kem.importKey('raw', plain(privateKey).slice().buffer, false);
  const { x = '' } = await crypto.subtle.exportKey('jwk', key);
  return { publicKey: fromBase64Url(x), privateKey };
}
