/** A person's signature under a request: made over the digest of the very request that is handed in, never over one that somebody names. */
import { toBase64Url } from '#contracts';
import type { Approval, ApprovalRequest } from '#contracts';
import { messageOf, requestDigest } from './messages.js';
import type { Purpose } from './messages.js';
import { kidOfKey } from '../people/people-faults.js';

/** A person with a key; `SigningKey` of libs/platform fits. */
export interface PersonSigner {
  readonly id: string;
  readonly key: { readonly publicKey: Uint8Array; sign(message: Uint8Array): Uint8Array };
}

export function signRequest(purpose: Purpose, request: ApprovalRequest, { id, key }: PersonSigner): Approval {
  const signature = toBase64Url(key.sign(messageOf(purpose, requestDigest(request))));
  return { alg: 'ed25519', person: id, kid: kidOfKey(key.publicKey), signature };
}
