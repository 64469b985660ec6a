/** The holder's signature that spends one ticket for one subject: without the holder key nobody mints, the registrar included. */
import { frame, labels } from '#contracts';
import { verifySignature } from './ed25519.js';
import type { Signer } from './ed25519.js';

export const redeemMessage = (jti: Uint8Array, subject: Uint8Array): Uint8Array => frame(labels.redeem, jti, subject);

/** 64 bytes. */
export const signRedeem = (holder: Signer, jti: Uint8Array, subject: Uint8Array): Promise<Uint8Array> =>
  holder.sign(redeemMessage(jti, subject));

export const verifyRedeem = (
  holderKey: Uint8Array,
  jti: Uint8Array,
  subject: Uint8Array,
  signature: Uint8Array,
): Promise<boolean> => verifySignature(holderKey, redeemMessage(jti, subject), signature);
