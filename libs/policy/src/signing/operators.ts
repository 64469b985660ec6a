/**
 * The operators pinned in the configuration (OPERATORS_FILE): who may sign a policy, and how many of them it takes. Public keys only.
 */
import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { bytesOf, fromBase64Url, toBase64Url } from '#contracts';
import { isUsablePublicKey, verify } from '#platform';

const operatorsFile = z
  .strictObject({
    quorum: z.int().positive(),
    operators: z
      .array(z.strictObject({ id: z.string().min(1).max(64), key: bytesOf(32) }))
      .min(1)
      .max(32),
  })
  .refine(({ quorum, operators }) => quorum <= operators.length, 'quorum is larger than the number of operators')
  .refine(({ operators }) => distinct(operators.map(({ id }) => id)), 'two operators have one id')
  .refine(({ operators }) => distinct(operators.map(({ key }) => toBase64Url(key))), 'two operators have one key')
  .refine(({ operators }) => operators.every(({ key }) => isUsablePublicKey(key)), 'a key is no usable Ed25519 key');

const distinct = (values: readonly string[]) => new Set(values).size === values.length;

/** k of n: `quorum` distinct ids of `keys` must have signed. */
export interface OperatorQuorum {
  readonly quorum: number;
  /** Operator id → raw Ed25519 public key, 32 bytes. */
  readonly keys: ReadonlyMap<string, Uint8Array>;
}

/** @param value parsed JSON of the file. @throws Error naming the first fault, never a value. */
export function operatorQuorum(value: unknown): OperatorQuorum {
  const parsed = operatorsFile.safeParse(value);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new Error(`operators file: ${[issue?.path.join('.'), issue?.message].filter(Boolean).join(': ')}`);
  }
  return { quorum: parsed.data.quorum, keys: new Map(parsed.data.operators.map(({ id, key }) => [id, key])) };
}

/** @throws Error when the file is absent, no JSON or does not fit. */
export function readOperators(path: string): OperatorQuorum {
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    throw new Error(`operators file: ${path} cannot be read as JSON`);
  }
  return operatorQuorum(value);
}

/** @param signature base64url. False for anything that is not this key's signature over these bytes; never throws. */
export function isSignedBy(raw: Uint8Array, message: Uint8Array, signature: string): boolean {
  try {
    return verify(raw, message, fromBase64Url(signature));
  } catch {
    return false; // not base64url
  }
}
