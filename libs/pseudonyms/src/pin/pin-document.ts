/**
 * What everybody else pins of a key holder: `keyholder-public.json`, signed by its root key. The root key never changes; the keys that sign
 * selectors do, one for each key epoch, and whoever pinned the root takes them from a newer file of the same key holder. Public.
 */
import { createHash } from 'node:crypto';
import { z } from 'zod';
import { bytesOf, frame, labels, toBase64Url } from '#contracts';
import { verify } from '#platform';

const document = z.strictObject({
  /** base64url of the first 8 bytes of SHA-256(root key) */
  keyHolderId: z.string().min(1).max(64),
  rootKey: bytesOf(32),
  /** base64url(SHA-256(root key)): what a client ships with */
  rootFingerprint: z.string().length(43),
  parameterSet: z.string().min(1).max(64),
  /** of every key epoch that is not destroyed, ascending */
  selectorKeys: z
    .array(z.strictObject({ keyEpoch: z.int().positive(), key: bytesOf(32) }))
    .min(1)
    .max(64),
  /** by the root key over all of it */
  signature: bytesOf(64),
});
export type PinDocument = z.output<typeof document>;
export type PinFields = Omit<PinDocument, 'signature' | 'rootFingerprint'>;

/** What the root key signs. */
export const pinMessage = ({ keyHolderId, rootKey, parameterSet, selectorKeys }: PinFields): Uint8Array =>
  frame(labels.pin, keyHolderId, rootKey, parameterSet, ...selectorKeys.flatMap(({ keyEpoch, key }) => [keyEpoch, key]));

const fingerprint = (rootKey: Uint8Array): string => createHash('sha256').update(rootKey).digest('base64url');

/** @param sign by the root key, 64 bytes */
export const signPin = (fields: PinFields, sign: (message: Uint8Array) => Uint8Array): PinDocument => ({
  ...fields,
  rootFingerprint: fingerprint(fields.rootKey),
  signature: sign(pinMessage(fields)),
});

export function pinText({ rootKey, selectorKeys, signature, ...rest }: PinDocument): string {
  const keys = selectorKeys.map(({ keyEpoch, key }) => ({ keyEpoch, key: toBase64Url(key) }));
  const text = { ...rest, rootKey: toBase64Url(rootKey), selectorKeys: keys, signature: toBase64Url(signature) };
  return `${JSON.stringify(text, null, 2)}\n`;
}

/** @throws ZodError, SyntaxError or Error: no pin, or not by its own root key */
export function readPinText(text: string): PinDocument {
  const pin = document.parse(JSON.parse(text));
  if (pin.rootFingerprint !== fingerprint(pin.rootKey)) throw new Error('the fingerprint is of another root key');
  if (!verify(pin.rootKey, pinMessage(pin), pin.signature)) throw new Error('the pin is not signed by its root key');
  return pin;
}

/** The same key holder with the same scheme: what a newer file may never change. */
export const isSameKeyHolder = (a: PinDocument, b: PinDocument): boolean =>
  a.keyHolderId === b.keyHolderId && a.rootFingerprint === b.rootFingerprint && a.parameterSet === b.parameterSet;
