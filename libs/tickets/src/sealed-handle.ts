/**
 * The handle inside a ticket, readable by registrar and key holder only: AES-256-GCM under their shared key, tied to one key holder
 * and one jti (protocol.md §3). The client carries it and learns nothing from it.
 */
import { frame, labels } from '#contracts';
import type { Handle } from '#contracts';
import { TicketError } from './ticket-error.js';
import { aesOpen, aesSeal, NONCE_LENGTH, TAG_LENGTH } from './webcrypto.js';

export const HANDLE_LENGTH = 16;
export const SEALED_HANDLE_LENGTH = NONCE_LENGTH + HANDLE_LENGTH + TAG_LENGTH;

const additional = (keyHolderId: string, jti: Uint8Array): Uint8Array => frame(labels.sealedHandle, keyHolderId, jti);

export const sealHandle = (sealKey: CryptoKey, keyHolderId: string, jti: Uint8Array, handle: Handle): Promise<Uint8Array> =>
  aesSeal(sealKey, handle, additional(keyHolderId, jti));

/** Throws TicketError('sealed-handle') when it was sealed for another key holder, another ticket or under another key. */
export async function openHandle(
  sealKey: CryptoKey,
  keyHolderId: string,
  ticket: { readonly jti: Uint8Array; readonly sealedHandle: Uint8Array },
): Promise<Handle> {
  const handle = await aesOpen(sealKey, ticket.sealedHandle, additional(keyHolderId, ticket.jti));
  if (handle?.length !== HANDLE_LENGTH) throw new TicketError('sealed-handle');
  return handle as Handle;
}
