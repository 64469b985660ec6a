/**
 * Makes a key holder's secrets once, and opens them. Each secret is kept when it is there, so an interrupted `init` goes on where it
 * stopped; the pin is written last. Everything lives in one folder that no other process may read.
 */
import path from 'node:path';
import { randomBytes } from 'node:crypto';
import type { ParameterSetName } from '#he';
import { generateSigningKey, signingKeyFromPem } from '#platform';
import type { SigningKey } from '#platform';
import { createSecretScheme } from '../secret-key/index.js';
import { pinFile, pinOf, pinText, readPin } from './pin.js';
import type { KeyholderPin } from './pin.js';
import { keepSecretFile, makeFolder, readSecretFile, writeSecretFile } from './secret-files.js';

const files = {
  root: 'root-key.pem',
  selector: 'selector-key.pem',
  prf: 'prf-key',
  baseline: 'baseline-key',
  scheme: 'scheme-secret',
};

export interface OpenedSecrets {
  readonly pin: KeyholderPin;
  readonly root: SigningKey;
  readonly selector: SigningKey;
  /** 32 bytes: k of every PRF */
  readonly prf: Uint8Array;
  /** 32 bytes: seals baselines */
  readonly baseline: Uint8Array;
  /** export of the scheme; overwrite it after use */
  readonly scheme: Uint8Array;
}

/** @throws Error when the folder holds the secrets of another parameter set. */
export async function initSecrets(folder: string, parameterSet: ParameterSetName): Promise<KeyholderPin> {
  await makeFolder(folder);
  const there = await readSecretFile(path.join(folder, pinFile));
  if (there) {
    const pin = readPin(text(there));
    if (pin.parameterSet !== parameterSet) throw new Error(`the secrets folder is of parameter set ${pin.parameterSet}`);
    return pin;
  }
  const keep = (name: string, make: () => Promise<Uint8Array> | Uint8Array) => keepSecretFile(path.join(folder, name), make);
  const root = signingKeyFromPem(text(await keep(files.root, newPem)));
  const selector = signingKeyFromPem(text(await keep(files.selector, newPem)));
  await keep(files.prf, () => randomBytes(32));
  await keep(files.baseline, () => randomBytes(32));
  (await keep(files.scheme, () => newSchemeSecret(parameterSet))).fill(0);
  const pin = await pinOf(root.publicKey, selector.publicKey, parameterSet);
  await writeSecretFile(path.join(folder, pinFile), pinText(pin));
  return pin;
}

/** @throws Error when `init` has not run, a file is missing, or files do not belong together. */
export async function openSecrets(folder: string): Promise<OpenedSecrets> {
  const need = async (name: string): Promise<Uint8Array> => {
    const bytes = await readSecretFile(path.join(folder, name));
    if (!bytes) throw new Error(`the secrets folder has no ${name}: run init first`);
    return bytes;
  };
  const pin = readPin(text(await need(pinFile)));
  const root = signingKeyFromPem(text(await need(files.root)));
  const selector = signingKeyFromPem(text(await need(files.selector)));
  const expected = await pinOf(root.publicKey, selector.publicKey, pin.parameterSet);
  if (pinText(expected) !== pinText(pin)) throw new Error(`${pinFile} does not belong to the keys beside it`);
  return {
    pin,
    root,
    selector,
    prf: await need(files.prf),
    baseline: await need(files.baseline),
    scheme: await need(files.scheme),
  };
}

const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString('utf8');
const newPem = (): Uint8Array => Buffer.from(generateSigningKey().toPem());

async function newSchemeSecret(parameterSet: ParameterSetName): Promise<Uint8Array> {
  const scheme = await createSecretScheme(parameterSet);
  try {
    return scheme.exportSecret();
  } finally {
    await scheme.close();
  }
}
