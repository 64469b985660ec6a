/**
 * Tells "what we need is away for a moment" from a defect: the first is answered 503 and retried, the second is a fault.
 * Codes: PostgreSQL SQLSTATE class 08 and 57P, Node's socket errors, undici (`fetch`), Prisma P1xxx and P2024.
 */
const awayCodes = new Set([
  ...['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'EHOSTUNREACH', 'ENOTFOUND', 'EAI_AGAIN'],
  ...['UND_ERR_CONNECT_TIMEOUT', 'UND_ERR_HEADERS_TIMEOUT', 'UND_ERR_BODY_TIMEOUT', 'UND_ERR_SOCKET'],
  ...['P1001', 'P1002', 'P1008', 'P1017', 'P2024'],
]);
const awayStates = /^(08\w{3}|57P0[123]|53300)$/;
/** `pg` gives these no code. */
const awayWords = /^(timeout exceeded when trying to connect|Connection terminated|Client has encountered a connection error)/;

/** True for a database, queue or peer that cannot be reached now. Follows causes, aggregated and wrapped errors. */
export function isUnavailable(error: unknown, depth = 4): boolean {
  if (typeof error !== 'object' || error === null || depth === 0) return false;
  const { name, message, code, cause, errors, meta } = error as Record<string, unknown>;
  if (typeof code === 'string' && (awayCodes.has(code) || awayStates.test(code))) return true;
  if (name === 'TimeoutError' || (typeof message === 'string' && awayWords.test(message))) return true;
  const wrapped = (meta as { driverAdapterError?: unknown } | undefined)?.driverAdapterError;
  return [cause, wrapped, ...(Array.isArray(errors) ? errors : [])].some((inner) => isUnavailable(inner, depth - 1));
}
