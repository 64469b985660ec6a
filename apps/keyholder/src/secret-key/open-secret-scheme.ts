/** Makes or re-opens the secret side of a named parameter set; the only place that chooses between the twins. */
import { parameterSet, workerEntry, WorkerPool, type ParameterSetName } from '#he';
import { BfvSecretScheme } from './bfv-secret-scheme.js';
import { PlainSecretScheme } from './plain-secret-scheme.js';
import { readSecret } from './secret-frame.js';
import type { SecretMethods } from './secret-methods.js';
import type { SecretScheme } from './secret-scheme.js';

export interface SecretSchemeOptions {
  /** Worker threads that hold the key. */
  readonly threads?: number;
  /** Encryptions and decryptions before a worker is replaced. */
  readonly operationsPerWorker?: number;
}

const entry = () => workerEntry(import.meta.url, './secret.worker');

/** Makes a fresh key and calibrates its fresh noise budget. The plain twin takes no options and has no key. */
export async function createSecretScheme(setName: ParameterSetName, options: SecretSchemeOptions = {}): Promise<SecretScheme> {
  const set = parameterSet(setName);
  if (set.kind === 'plain') return new PlainSecretScheme(set);
  const once = { entry: entry(), threads: 1, operationsPerWorker: 1, workerData: () => ({ setName }) };
  const { pool } = await WorkerPool.open<SecretMethods>(once);
  try {
    const lease = await pool.lease();
    return await open(setName, await lease.call('generate', undefined), options);
  } finally {
    await pool.close();
  }
}

/**
 * @param secret bytes of `exportSecret`; a copy is taken, overwrite yours.
 * @throws SecretUnreadable when they are damaged or of another set.
 */
export async function openSecretScheme(
  setName: ParameterSetName,
  secret: Uint8Array,
  options: SecretSchemeOptions = {},
): Promise<SecretScheme> {
  readSecret(secret, setName);
  return open(setName, secret.slice(), options);
}

async function open(setName: ParameterSetName, frame: Uint8Array, options: SecretSchemeOptions): Promise<SecretScheme> {
  const { threads = 1, operationsPerWorker = 200_000 } = options;
  const set = parameterSet(setName);
  if (set.kind === 'plain') return new PlainSecretScheme(set);
  return BfvSecretScheme.open(set, frame, { entry: entry(), threads, operationsPerWorker });
}
