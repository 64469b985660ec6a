/**
 * The running service's key holder, given to people: the same secrets, sealed by shares instead of a file. Also the bytes that must be
 * nowhere once it is sealed, which only this test ever has all in one place.
 */
import { createDecipheriv, createPrivateKey } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { combine } from 'shamir-secret-sharing';
import { frame, fromBase64Url, labels } from '#contracts';
import { readShareFile, unlockShare } from '#platform';
import { folders } from '../../../apps/ctl/src/stack/app-specs.js';
import type { Stack } from '../../../apps/ctl/src/stack/stack.js';
import { destroySecretFile } from '../../../apps/keyholder/src/keys/secret-files.js';
import { readEpochSecrets } from '../../../apps/keyholder/src/key-epochs/epoch-secrets.js';
import { openSecrets } from '../../../apps/keyholder/src/keys/secrets-folder.js';
import { autoUnseal, autoUnsealFile } from '../../../apps/keyholder/src/sealing/auto-unseal.js';
import { handOut } from '../../../apps/keyholder/src/sealing/ceremony/hand-out.js';
import { writeSealRecord } from '../../../apps/keyholder/src/sealing/ceremony/seal-record.js';
import type { SharedCeremony } from '../../../apps/keyholder/src/sealing/ceremony/seal-record.js';
import { SealedFolder } from '../../../apps/keyholder/src/sealing/sealed-folder.js';

export interface Share {
  readonly person: string;
  readonly file: string;
  readonly index: number;
  /** opened */
  readonly share: Uint8Array;
}

export interface SharedSecrets {
  readonly record: SharedCeremony;
  readonly shares: readonly Share[];
  /** a file per person */
  readonly passphrases: string;
  /** What must be nowhere, by name; 32 bytes or more each. */
  readonly secrets: ReadonlyMap<string, Uint8Array>;
}

const nonceBytes = 12;
const tagBytes = 16;

/** The key holder must not run. */
export async function giveToPeople({ dataDir }: Stack, people: readonly string[], threshold: number): Promise<SharedSecrets> {
  const folder = folders(dataDir).keyholderSecrets;
  const passphrases = path.join(dataDir, 'passphrases');
  const sharesDir = path.join(dataDir, 'shares');
  mkdirSync(passphrases);
  const named = people.map((person) => ({ person, passphrase: `long enough for ${person}` }));
  for (const { person, passphrase } of named) writeFileSync(path.join(passphrases, person), `${passphrase}\n`);
  const { barrier } = await autoUnseal(folder, false);
  const record = await handOut(folder, barrier, { mode: 'shares', threshold, people: named, sharesDir });
  await writeSealRecord(folder, { v: 1, mode: 'shares', current: record });
  await destroySecretFile(path.join(folder, autoUnsealFile));
  const shares = await Promise.all(
    readdirSync(sharesDir).map(async (name) => {
      const file = path.join(sharesDir, name);
      const { person, index, ...rest } = readShareFile(readFileSync(file, 'utf8'));
      const share = await unlockShare({ person, index, ...rest }, `long enough for ${person}`);
      return { person, file, index, share };
    }),
  );
  shares.sort((a, b) => a.index - b.index);
  return { record, shares, passphrases, secrets: await secretsOf(new SealedFolder(folder, barrier), record, shares) };
}

async function secretsOf(
  sealed: SealedFolder,
  record: SharedCeremony,
  shares: readonly Share[],
): Promise<Map<string, Uint8Array>> {
  const { root, prf, baseline } = await openSecrets(sealed);
  const { scheme, selectorKey: selector } = await readEpochSecrets(sealed, 1);
  const seedOf = (pem: string) => new Uint8Array(createPrivateKey(pem).export({ format: 'der', type: 'pkcs8' }).subarray(-32));
  const unsealKey = await combine(shares.map(({ share }) => share));
  const secrets = new Map<string, Uint8Array>([
    ['seed of the root key', seedOf(root.toPem())],
    ['seed of the selector key', seedOf(selector.toPem())],
    ['key of the PRF', prf],
    ['key of the baselines', baseline],
    ['unseal key', unsealKey],
    ['barrier key', unwrapped(unsealKey, record)],
    ...shares.map(({ person, share }) => [`share of ${person}`, share] as const),
  ]);
  // serialised coefficients of the scheme's secret, here and there in the middle
  for (const part of [0.2, 0.5, 0.8]) {
    const at = 8 * Math.floor((scheme.length * part) / 8);
    secrets.set(`coefficients from byte ${at}`, scheme.slice(at, at + 64));
  }
  for (const name of readdirSync(path.join(sealed.folder, 'wrap'))) {
    const key = await sealed.read(`wrap/${name}`);
    if (key) secrets.set(`wrap key ${name}`, key);
  }
  return secrets;
}

function unwrapped(unsealKey: Uint8Array, { ceremony, wrapped }: SharedCeremony): Uint8Array {
  const bytes = fromBase64Url(wrapped);
  const decipher = createDecipheriv('aes-256-gcm', unsealKey, bytes.subarray(0, nonceBytes), { authTagLength: tagBytes });
  decipher.setAAD(frame(labels.barrierKey, ceremony)).setAuthTag(bytes.subarray(-tagBytes));
  return new Uint8Array(Buffer.concat([decipher.update(bytes.subarray(nonceBytes, -tagBytes)), decipher.final()]));
}
