/** The pinned key holder: its public file, copied by people. What nyms stores must carry its signature. */
import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { bytesOf } from '#contracts';
import { StartError } from '#platform';
import type { PinnedKeyHolder } from '#pseudonyms';
import { fingerprintOf } from '#tickets';

/**
 * Bytes of a selector by parameter set. Kept apart from libs/he, which nyms must not reach; test/integration compares the two.
 */
export const selectorBytes: Readonly<Record<string, number>> = {
  'n2048-q50-t20': 16_578,
  'n4096-q60-t20': 32_962,
  'n8192-q60-t20': 65_730,
  'plain-n2048': 16,
};

const pinFile = z.object({
  keyHolderId: z.string().min(1).max(64),
  rootKey: bytesOf(32),
  selectorKey: bytesOf(32),
  parameterSet: z.string().refine((name) => Object.hasOwn(selectorBytes, name)),
});

/** Injection token. */
export const KEYHOLDER_PIN = Symbol('key holder pin');

export interface KeyholderPin extends PinnedKeyHolder {
  /** base64url(SHA-256(root key)) */
  readonly rootFingerprint: string;
}

/** @throws StartError when the file is absent or none */
export async function readPin(file: string): Promise<KeyholderPin> {
  try {
    return await pinOf(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    throw new StartError(`${file} is no key holder's public file: copy keyholder-public.json from the key holder`);
  }
}

/** @throws ZodError */
export async function pinOf(value: unknown): Promise<KeyholderPin> {
  const { rootKey, ...pin } = pinFile.parse(value);
  return { ...pin, selectorBytes: selectorBytes[pin.parameterSet]!, rootFingerprint: await fingerprintOf(rootKey) };
}
