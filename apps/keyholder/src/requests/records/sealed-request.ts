/**
 * A request at rest: AES-256-GCM under a key drawn from k, which is kept with the sealed secrets. So the key holder's database alone names
 * no pseudonym that anybody asked about. Pure but for the nonce.
 */
import { canonicalBytes, signedRequest } from '#contracts';
import type { SignedRequest } from '#contracts';
import { openBox, sealBox } from '#platform';
import { prfLabels } from '../../keys/prf.js';
import type { Prf } from '../../keys/prf.js';

const keyOf = (prf: Prf): Uint8Array => prf.bytes(prfLabels.requests);

/** Bound to its digest. */
export const sealRequest = (prf: Prf, digest: Uint8Array, request: SignedRequest): Uint8Array =>
  sealBox(keyOf(prf), digest, canonicalBytes(request));

/** @throws Error when the row is damaged or another request's */
export const openRequest = (prf: Prf, digest: Uint8Array, sealed: Uint8Array): SignedRequest =>
  signedRequest.parse(JSON.parse(new TextDecoder().decode(openBox(keyOf(prf), digest, sealed))));
