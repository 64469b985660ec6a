/**
 * Tells "the database is away for a moment" from a defect: the first is answered 503 and retried, the second is a fault.
 * Codes: PostgreSQL SQLSTATE class 08 and 57P, Node socket errors, Prisma P1xxx and P2024.
 */
const awayCodes = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
  'P1001',
  'P1002',
  'P1008',
  'P1017',
  'P2024',
]);

/** True for PostgreSQL, Redis or a peer that cannot be reached now. Follows causes and aggregated errors. */
export function isUnavailable(error: unknown, depth = 4): boolean {
  if (typeof error !== 'object' || error === null || depth === 0) return false;
  const { code, cause, errors, meta } = error as {
    code?: unknown;
    cause?: unknown;
    errors?: unknown;
    meta?: { driverAdapterError?: unknown };
  };
  if (typeof code === 'string' && (awayCodes.has(code) || /^(08\w{3}|57P0[123]|53300)$/.test(code))) return true;
  if (Array.isArray(errors) && errors.some((one) => isUnavailable(one, depth - 1))) return true;
  return isUnavailable(cause, depth - 1) || isUnavailable(meta?.driverAdapterError, depth - 1);
}
