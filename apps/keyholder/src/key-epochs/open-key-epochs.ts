/**
 * Opens the key epochs that the database knows, before anything is served: a secret that is missing stops the start, one that was marked destroyed is
 * destroyed now, and the pin is written again when a crash left it behind. A database that is new, or older than the secrets, enters those that
 * the pin names, because a number must not be given twice, and learns that those are destroyed that neither the pin nor the folder has.
 */
import { pinText } from '#pseudonyms';
import type { PinDocument } from '#pseudonyms';
import type { Writer } from '../database/writer.js';
import type { KeyholderKeys } from '../keys/keyholder-keys.js';
import { pinIn } from '../keys/pin.js';
import { readSecretFile, writeSecretFile } from '../keys/secret-files.js';
import type { SealedFolder } from '../sealing/sealed-folder.js';
import { openSecretScheme } from '../secret-key/index.js';
import { destroyEpochSecrets, hasEpochSecrets, readEpochSecrets } from './epoch-secrets.js';
import { newestOf } from './key-epoch-rules.js';
import { addKeyEpoch, markDestroyed, readKeyEpochs } from './key-epochs.repository.js';
import type { Schemes } from './schemes.js';

export interface KeyEpochParts {
  readonly writer: Writer;
  readonly sealed: SealedFolder;
  readonly keys: KeyholderKeys;
  readonly pin: PinDocument;
  readonly schemes: Schemes;
  /** of the newest; older ones have one thread */
  readonly threads: number;
  readonly today: number;
}

/** @throws Error when a secret is missing or damaged */
export async function openKeyEpochs({ writer, sealed, keys, pin, schemes, threads, today }: KeyEpochParts): Promise<void> {
  const named = new Set(pin.selectorKeys.map(({ keyEpoch }) => keyEpoch));
  const rows = await writer.transaction(async (transaction) => {
    for (const { keyEpoch } of pin.selectorKeys) await addKeyEpoch(transaction, keyEpoch, today);
    const known = await readKeyEpochs(transaction);
    for (const { number, destroyedDay } of known)
      if (destroyedDay === null && !named.has(number) && !(await hasEpochSecrets(sealed, number)))
        await markDestroyed(transaction, number, today);
    return readKeyEpochs(transaction);
  });
  const newest = newestOf(rows);
  for (const { number, destroyedDay } of rows) {
    if (destroyedDay !== null) {
      await destroyEpochSecrets(sealed, number);
      continue;
    }
    const { selectorKey, scheme } = await readEpochSecrets(sealed, number);
    keys.begin(number, selectorKey);
    schemes.put(number, await openSecretScheme(keys.parameterSet, scheme, { threads: number === newest ? threads : 1 }));
    scheme.fill(0);
  }
  await writePin(sealed.folder, keys.pinOf(schemes.keyEpochs));
}

/** Written only when it says something else than before: others look at when it changed. */
export async function writePin(folder: string, pin: PinDocument): Promise<void> {
  const text = pinText(pin);
  const kept = await readSecretFile(pinIn(folder));
  if (!kept || Buffer.from(kept).toString('utf8') !== text) await writeSecretFile(pinIn(folder), text);
}
