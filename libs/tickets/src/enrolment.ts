/**
 * Enrolment (protocol.md §2): the client proves its holder key, the key holder answers with a receipt that ties that key to a
 * commitment of the handle. The same answer, always: a registrar cannot give one account two handles unseen.
 */
import { frame, labels } from '#contracts';
import type { Handle } from '#contracts';
import { verifySignature } from './ed25519.js';
import type { Signer } from './ed25519.js';
import { sha256 } from './webcrypto.js';

const proofMessage = (keyHolderId: string, holderKey: Uint8Array): Uint8Array => frame(labels.enrol, keyHolderId, holderKey);

export const signEnrolment = (holder: Signer, keyHolderId: string): Promise<Uint8Array> =>
  holder.sign(proofMessage(keyHolderId, holder.publicKey));

export const verifyEnrolment = (keyHolderId: string, holderKey: Uint8Array, proof: Uint8Array): Promise<boolean> =>
  verifySignature(holderKey, proofMessage(keyHolderId, holderKey), proof);

const callOffMessage = (keyHolderId: string, newKey: Uint8Array): Uint8Array => frame(labels.callOff, keyHolderId, newKey);

/** @param holder has the key in use, or the new one */
export const signCallOff = (holder: Signer, keyHolderId: string, newKey: Uint8Array): Promise<Uint8Array> =>
  holder.sign(callOffMessage(keyHolderId, newKey));

export const verifyCallOff = (
  key: Uint8Array,
  keyHolderId: string,
  newKey: Uint8Array,
  signature: Uint8Array,
): Promise<boolean> => verifySignature(key, callOffMessage(keyHolderId, newKey), signature);

/** 32 bytes. The handle is random, so its hash says nothing of it. */
export const handleCommitment = (handle: Handle): Promise<Uint8Array> => sha256(frame(labels.handleCommitment, handle));

export interface Receipt {
  readonly keyHolderId: string;
  /** 32 bytes */
  readonly handleCommitment: Uint8Array;
  /** 64 bytes, by the root key */
  readonly signature: Uint8Array;
}

const receiptMessage = (keyHolderId: string, commitment: Uint8Array, holderKey: Uint8Array): Uint8Array =>
  frame(labels.receipt, keyHolderId, commitment, holderKey);

export async function signReceipt(root: Signer, keyHolderId: string, handle: Handle, holderKey: Uint8Array): Promise<Receipt> {
  const commitment = await handleCommitment(handle);
  const signature = await root.sign(receiptMessage(keyHolderId, commitment, holderKey));
  return { keyHolderId, handleCommitment: commitment, signature };
}

/** Does this receipt, by this root key (32 bytes), bind this holder key? */
export const verifyReceipt = (rootKey: Uint8Array, receipt: Receipt, holderKey: Uint8Array): Promise<boolean> =>
  verifySignature(rootKey, receiptMessage(receipt.keyHolderId, receipt.handleCommitment, holderKey), receipt.signature);
