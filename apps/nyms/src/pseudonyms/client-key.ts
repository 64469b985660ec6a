/** A client's public key and its word for it: Ed25519 or P-256, in the one DER encoding we take (RFC 8410, RFC 5480). */
import { createPublicKey } from 'node:crypto';
import { fromBase64Url, isClientOf, Problem, splitPseudonymUri } from '#contracts';
import { isUsablePublicKey } from '#platform';
import { clientKeyType, possessionMessage, verifyClientSignature } from '#tickets';

export interface ClaimedClient {
  readonly uri: string;
  readonly clientUri: string;
  /** SubjectPublicKeyInfo, base64url */
  readonly publicKey: string;
  /** 64 bytes over `possessionMessage` */
  readonly proof: Uint8Array;
}

const malformed = (detail: string): Problem => new Problem('request-malformed', { detail });

/** The key's DER, once address, key and proof fit. @throws Problem `request-malformed` */
export async function provenKey({ uri, clientUri, publicKey, proof }: ClaimedClient, domain: string): Promise<Uint8Array> {
  if (splitPseudonymUri(uri)?.domain !== domain) throw malformed('body.uri is not of this provider');
  if (!isClientOf(clientUri, uri)) throw malformed('body.clientUri is not a client of body.uri');
  const spki = derOf(publicKey);
  if (!spki || !isUsable(spki)) throw malformed('body.publicKey is neither an Ed25519 nor a P-256 key');
  const message = await possessionMessage(uri, clientUri, spki);
  if (!(await verifyClientSignature(spki, message, proof))) throw malformed('body.proof is not of this key');
  return spki;
}

function derOf(text: string): Uint8Array | undefined {
  try {
    return fromBase64Url(text);
  } catch {
    return undefined;
  }
}

function isUsable(spki: Uint8Array): boolean {
  const type = clientKeyType(spki);
  if (type === 'Ed25519') return isUsablePublicKey(spki.subarray(12));
  if (type !== 'P-256') return false;
  try {
    createPublicKey({ key: Buffer.from(spki), format: 'der', type: 'spki' });
    return true;
  } catch {
    return false; // not a point of the curve
  }
}
