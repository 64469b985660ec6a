/**
 * Makes a key holder's secrets once, and opens them. All of them lie behind the barrier (sealing/), in one folder that no other process
 * may read. A marker stands while they are made, and nothing is used while it stands: what a killed `init` left behind is nobody's, so the
 * next one starts afresh.
 */
import { randomBytes } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import type { ParameterSetName } from '#he';
import { generateSigningKey, signingKeyFromPem, TEMPORARY } from '#platform';
import type { SigningKey } from '#platform';
import { pinText, signPin } from '#pseudonyms';
import { kidOf } from '#tickets';
import { autoUnsealFile, makeAutoUnseal } from '../sealing/auto-unseal.js';
import { Barrier } from '../sealing/barrier.js';
import { handOut } from '../sealing/ceremony/hand-out.js';
import type { InitRequest } from '../sealing/ceremony/requests.js';
import { readSealRecord, sealFile, writeSealRecord } from '../sealing/ceremony/seal-record.js';
import { SealedFolder } from '../sealing/sealed-folder.js';
import { isEpochSecret, makeEpochSecrets } from '../key-epochs/epoch-secrets.js';
import { pinFile, pinIn, readPin } from './pin.js';
import type { KeyholderPin } from './pin.js';
import { destroySecretFile, makeFolder, readSecretFile, writeSecretFile } from './secret-files.js';

const files = { root: 'root-key', prf: 'prf-key', baseline: 'baseline-key' };
const marker = 'init-unfinished';
const lasting: readonly string[] = [...Object.values(files), autoUnsealFile, sealFile, pinFile];
const isMade = (name: string): boolean => lasting.includes(name) || isEpochSecret(name);
/** The first key epoch; later ones are made by an approved request (key-epochs/). */
const FIRST_EPOCH = 1;

export interface OpenedSecrets {
  readonly pin: KeyholderPin;
  readonly root: SigningKey;
  /** 32 bytes: k of every PRF */
  readonly prf: Uint8Array;
  /** 32 bytes: seals baselines */
  readonly baseline: Uint8Array;
}

/** @throws Error when the folder holds the secrets of another parameter set or mode, or is no whole folder of secrets. */
export async function initSecrets(
  folder: string,
  parameterSet: ParameterSetName,
  request: InitRequest,
  write = writeSecretFile,
): Promise<KeyholderPin> {
  await makeFolder(folder);
  const names = await readdir(folder);
  if (!names.includes(marker)) {
    if (names.includes(pinFile)) return keptPin(folder, parameterSet, request);
    const kept = names.find(isMade);
    if (kept) throw new Error(`the secrets folder has ${kept} and no ${pinFile}: put the pin back, or choose an empty folder`);
    await write(path.join(folder, marker), '');
  }
  for (const name of names.filter((each) => isMade(each) || each.endsWith(TEMPORARY)))
    await destroySecretFile(path.join(folder, name));
  const barrier = Barrier.fresh();
  const pin = await makeSecrets(new SealedFolder(folder, barrier, write), parameterSet);
  const record =
    request.mode === 'auto'
      ? await makeAutoUnseal(folder, barrier, write)
      : ({ v: 1, mode: 'shares', current: await handOut(folder, barrier, request, write) } as const);
  await writeSealRecord(folder, record, write);
  await write(pinIn(folder), pinText(pin));
  await destroySecretFile(path.join(folder, marker));
  return pin;
}

/** @throws Error when a file is missing or was changed, or files do not belong together. */
export async function openSecrets(sealed: SealedFolder): Promise<OpenedSecrets> {
  const need = async (name: string): Promise<Uint8Array> => {
    const bytes = await sealed.read(name);
    if (!bytes) throw new Error(`the secrets folder has no ${name}`);
    return bytes;
  };
  const pin = await folderPin(sealed.folder);
  const root = signingKeyFromPem(text(await need(files.root)));
  const isOfRoot = Buffer.compare(pin.rootKey, root.publicKey) === 0 && pin.keyHolderId === (await kidOf(root.publicKey));
  if (!isOfRoot) throw new Error(`${pinFile} does not belong to the keys beside it`);
  return { pin, root, prf: await need(files.prf), baseline: await need(files.baseline) };
}

/** @throws Error when `init` has not finished */
export async function folderPin(folder: string): Promise<KeyholderPin> {
  if (await readSecretFile(path.join(folder, marker))) throw new Error('init was interrupted: run it again, nothing is lost');
  const bytes = await readSecretFile(pinIn(folder));
  if (!bytes) throw new Error(`the secrets folder has no ${pinFile}: run init first`);
  return readPin(text(bytes));
}

async function keptPin(folder: string, parameterSet: ParameterSetName, { mode }: InitRequest): Promise<KeyholderPin> {
  const pin = await folderPin(folder);
  if (pin.parameterSet !== parameterSet) throw new Error(`the secrets folder is of parameter set ${pin.parameterSet}`);
  const record = await readSealRecord(folder);
  if (record.mode !== mode) throw new Error(`the secrets folder is sealed in the other mode, ${record.mode}`);
  return pin;
}

async function makeSecrets(sealed: SealedFolder, parameterSet: ParameterSetName): Promise<KeyholderPin> {
  const root = generateSigningKey();
  await sealed.keep(files.root, () => Buffer.from(root.toPem()));
  for (const name of [files.prf, files.baseline]) (await sealed.keep(name, () => randomBytes(32))).fill(0);
  const { keyEpoch, selectorKey, scheme } = await makeEpochSecrets(sealed, FIRST_EPOCH, parameterSet);
  scheme.fill(0);
  const keyHolderId = await kidOf(root.publicKey);
  const selectorKeys = [{ keyEpoch, key: selectorKey.publicKey }];
  const fields = { keyHolderId, rootKey: root.publicKey, parameterSet, selectorKeys };
  return { ...signPin(fields, (message) => root.sign(message)), parameterSet };
}

const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString('utf8');
