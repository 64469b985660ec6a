/**
 * The two secrets of a key epoch behind the barrier: `scheme-secret-<n>`, which makes and opens ciphertexts, and `selector-key-<n>`, which
 * signs the selectors made under it. They begin together and are destroyed together.
 */
import { readdir } from 'node:fs/promises';
import type { ParameterSetName } from '#he';
import { generateSigningKey, signingKeyFromPem, TEMPORARY } from '#platform';
import type { SigningKey } from '#platform';
import type { SealedFolder } from '../sealing/sealed-folder.js';
import { createSecretScheme } from '../secret-key/index.js';

const schemeFile = (keyEpoch: number): string => `scheme-secret-${keyEpoch}`;
const selectorFile = (keyEpoch: number): string => `selector-key-${keyEpoch}`;

/** Of the files of any key epoch, for those who look at the folder as a whole. */
export const isEpochSecret = (name: string): boolean => /^(scheme-secret|selector-key)-\d+$/.test(name);

export interface EpochSecrets {
  readonly keyEpoch: number;
  readonly selectorKey: SigningKey;
  /** export of the scheme; overwrite it after use */
  readonly scheme: Uint8Array;
}

/** @throws Error when one is missing, damaged or of another key holder */
export async function readEpochSecrets(sealed: SealedFolder, keyEpoch: number): Promise<EpochSecrets> {
  const need = async (name: string): Promise<Uint8Array> => {
    const bytes = await sealed.read(name);
    if (!bytes) throw new Error(`the secrets folder has no ${name}`);
    return bytes;
  };
  const selectorKey = signingKeyFromPem(Buffer.from(await need(selectorFile(keyEpoch))).toString('utf8'));
  return { keyEpoch, selectorKey, scheme: await need(schemeFile(keyEpoch)) };
}

/** Is there anything of it? */
export async function hasEpochSecrets(sealed: SealedFolder, keyEpoch: number): Promise<boolean> {
  const names = await readdir(sealed.folder);
  return names.includes(schemeFile(keyEpoch)) || names.includes(selectorFile(keyEpoch));
}

/**
 * Fresh ones, on the disk when this resolves. What a killed attempt left under this number was never used, and goes first.
 * Nothing is in use before the database says that the key epoch has begun.
 */
export async function makeEpochSecrets(sealed: SealedFolder, keyEpoch: number, set: ParameterSetName): Promise<EpochSecrets> {
  await destroyEpochSecrets(sealed, keyEpoch);
  const selectorKey = generateSigningKey();
  await sealed.keep(selectorFile(keyEpoch), () => Buffer.from(selectorKey.toPem()));
  return { keyEpoch, selectorKey, scheme: await sealed.keep(schemeFile(keyEpoch), () => newScheme(set)) };
}

/** Overwritten and removed, with what a killed attempt left half written; safe to call again. */
export async function destroyEpochSecrets(sealed: SealedFolder, keyEpoch: number): Promise<void> {
  const own = [schemeFile(keyEpoch), selectorFile(keyEpoch)];
  for (const name of await readdir(sealed.folder)) {
    const isHalf = name.endsWith(TEMPORARY) && own.some((file) => name.startsWith(`${file}.`));
    if (own.includes(name) || isHalf) await sealed.destroy(name);
  }
}

async function newScheme(set: ParameterSetName): Promise<Uint8Array> {
  const scheme = await createSecretScheme(set);
  try {
    return scheme.exportSecret();
  } finally {
    await scheme.close();
  }
}
