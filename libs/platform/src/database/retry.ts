/**
 * Runs a transaction again when PostgreSQL gave it up for another's sake: serialization failure (40001) or deadlock (40P01), as
 * `pg` and Prisma (P2034) tell it. Nothing was written then, so running it again is safe; anything else is thrown at once.
 */
import { randomInt } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';

const ATTEMPTS = 8;
const FIRST_WAIT_MS = 5;
const LONGEST_WAIT_MS = 100;

export async function withSerializableRetry<T>(transaction: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await transaction();
    } catch (error) {
      if (attempt === ATTEMPTS || !isConflict(error)) throw error;
      await wait(randomInt(1, Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** attempt))); // at random: the same two must not meet again
    }
  }
}

/** Follows the wrapping of Prisma's driver adapters. */
export function isConflict(error: unknown, depth = 4): boolean {
  if (typeof error !== 'object' || error === null || depth === 0) return false;
  const { code, originalCode, kind, cause, meta } = error as Record<string, unknown>;
  const told =
    [code, originalCode].some((one) => one === '40001' || one === '40P01' || one === 'P2034') ||
    kind === 'TransactionWriteConflict';
  const adapterError = (meta as { driverAdapterError?: unknown } | undefined)?.driverAdapterError;
  return told || isConflict(cause, depth - 1) || isConflict(adapterError, depth - 1);
}
