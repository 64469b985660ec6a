/** What everybody else pins of a key holder: `keyholder-public.json`, written once by `init`. Public. */
import { z } from 'zod';
import { bytesOf, toBase64Url } from '#contracts';
import { isParameterSetName } from '#he';
import type { ParameterSetName } from '#he';
import { fingerprintOf, kidOf } from '#tickets';

export const pinFile = 'keyholder-public.json';

export const keyholderPin = z.strictObject({
  /** base64url of the first 8 bytes of SHA-256(root key) */
  keyHolderId: z.string().min(1).max(64),
  rootKey: bytesOf(32),
  /** base64url(SHA-256(root key)): what a client ships with */
  rootFingerprint: z.string().length(43),
  selectorKey: bytesOf(32),
  parameterSet: z.string().transform((name, context): ParameterSetName => {
    if (isParameterSetName(name)) return name;
    context.addIssue({ code: 'custom', message: 'is no parameter set' });
    return z.NEVER;
  }),
});
export type KeyholderPin = z.output<typeof keyholderPin>;

export async function pinOf(rootKey: Uint8Array, selectorKey: Uint8Array, parameterSet: ParameterSetName): Promise<KeyholderPin> {
  return { keyHolderId: await kidOf(rootKey), rootKey, rootFingerprint: await fingerprintOf(rootKey), selectorKey, parameterSet };
}

export const pinText = (pin: KeyholderPin): string =>
  `${JSON.stringify({ ...pin, rootKey: toBase64Url(pin.rootKey), selectorKey: toBase64Url(pin.selectorKey) }, null, 2)}\n`;

/** @throws ZodError or SyntaxError: the folder is damaged. */
export const readPin = (text: string): KeyholderPin => keyholderPin.parse(JSON.parse(text));
